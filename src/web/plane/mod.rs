//! `#/plane`: a network learns points of the plane, and its regions are seen exactly while it does.

mod answers;
mod controls;
mod curves;
mod hidden;
mod stage;

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use self::answers::Answers;
use self::controls::Controls;
use self::curves::Curves;
use self::hidden::Hidden;
use self::stage::Stage;
use super::client;
use super::components::{Challenges, Glance, LabTitle, LinkError, now_ms, picture_first_on_phones};
use super::no_trainer::NoTrainer;
use super::router::Lab;
use super::state::{Labs, use_labs};
use crate::labs::plane::PlaneLab;
use crate::labs::plane::challenges::{CHALLENGES, solved_now};
use crate::labs::plane::picture::window;
use crate::labs::plane::words::glance;
use crate::plot::Window;
use crate::protocol::{Event, PlaneReport};

/// What is on screen, for its parts.
#[derive(Clone, Copy)]
struct Here {
    lab: Memo<PlaneLab>,
    /// What was last heard of any run.
    last: Memo<Option<Arc<PlaneReport>>>,
    /// The same of the run on screen, none before the first.
    report: Memo<Option<Arc<PlaneReport>>>,
    /// The part of the plane that is shown instead of all.
    chosen: RwSignal<Option<Window>>,
}

impl Here {
    /// Steps done by the network that is shown.
    fn step(self) -> usize {
        self.report.read().as_ref().map_or(0, |report| report.step)
    }
}

#[component]
pub(super) fn PlanePage() -> impl IntoView {
    let labs = use_labs();
    client::prepare();
    let (run, chosen) = (labs.plane_run, labs.plane_window);
    let lab = Memo::new(move |_| labs.plane.get());
    // A report is never changed, so it is another only if it stands elsewhere.
    type Last = Option<Arc<PlaneReport>>;
    let is_other = |a: Option<&Last>, b: Option<&Last>| match (a, b) {
        (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
        (Some(None), Some(None)) => false,
        _ => true,
    };
    let last = Memo::new_with_compare(move |_| run.read().report.clone(), is_other);
    let report =
        Memo::new_with_compare(move |_| run.with(|run| run.report.clone().filter(|_| run.is_there())), is_other);
    let here = Here { lab, last, report, chosen };
    // Other settings are another run.
    Effect::new(move || {
        let lab = lab.get();
        if run.with_untracked(|run| run.lab.as_ref() != Some(&lab)) {
            run.update(|run| run.begin(&lab));
        }
        go_on(labs);
    });
    Effect::new(move || {
        chosen.track();
        go_on(labs);
    });
    // Nobody would see it.
    on_cleanup(move || run.update(|run| run.play(false)));
    let solved = Signal::derive(move || {
        report
            .with(|report| run.with(|run| run.lab.as_ref().map(|lab| solved_now(lab, report.as_deref()))))
            .unwrap_or_default()
    });
    let frame = NodeRef::new();
    picture_first_on_phones(frame);
    view! {
        <div class="lab plane-lab" node_ref=frame>
            <section class="controls" aria-label="Settings">
                <LabTitle lab=Lab::Plane title="Plane lab" challenges=&CHALLENGES/>
                <p class="lead">"A network learns to tell points apart. Its regions and its boundary are exact at every step, not sampled."</p>
                <LinkError/>
                <NoTrainer/>
                <Controls here/>
            </section>
            <section class="picture" aria-label="Plane">
                <Glance text=Signal::derive(move || glance(report.read().as_deref()))/>
                <Stage here/>
            </section>
            <section class="answers" aria-label="Answers">
                <Answers here/>
                <Hidden here/>
                <Curves here/>
                <Challenges list=&CHALLENGES now=solved/>
            </section>
        </div>
    }
}

/// Takes what the worker says, and goes on.
pub(super) fn hear(labs: Labs, event: &Event) {
    let mut is_ours = false;
    // Most events are about something else: then nothing is derived anew.
    let is_told = matches!(
        event,
        Event::Plane(_)
            | Event::PlaneSeeds { .. }
            | Event::Refused { .. }
            | Event::Crashed { .. }
            | Event::Unavailable { .. }
            | Event::Ready { .. }
    );
    if is_told {
        labs.plane_run.maybe_update(|run| {
            is_ours = run.apply(event);
            is_ours
        });
    }
    if is_ours {
        go_on(labs);
    }
}

/// Asks the worker for what is wanted next, if anything is.
fn go_on(labs: Labs) {
    let mut question = None;
    labs.plane_run.maybe_update(|run| {
        let was_playing = run.is_playing;
        question = run.next(window(labs.plane_window.get_untracked()), now_ms());
        was_playing != run.is_playing
    });
    let Some(question) = question else { return };
    if question.wait_ms < 1.0 {
        client::send(&question.command);
    } else {
        let wait = Duration::from_micros((question.wait_ms * 1e3) as u64);
        set_timeout(move || client::send(&question.command), wait);
    }
}
