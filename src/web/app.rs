//! The shell: navigation, theme, and the screen that the address names.

use leptos::html::{Main, Nav};
use leptos::prelude::*;

use super::backprop::BackpropPage;
use super::bench::BenchPage;
use super::components::Figures;
use super::drops::take_drops;
use super::embed::EmbedFoot;
use super::function::FunctionPage;
use super::gates::GatesPage;
use super::hearing::{hear, take_said};
use super::home::HomePage;
use super::keys::{KeyList, KeysButton};
use super::notebook::{NotebookHere, NotebookPage};
use super::offline::{self, NewVersion};
use super::path::PathPage;
use super::plane::PlanePage;
use super::present::{PresentBar, Presenting};
use super::router::{Lab, set_title};
use super::solved::{SolvedHere, SolvedWord};
use super::state::Labs;
use super::stories::StoriesPage;
use super::theme::{ThemeSwitch, theme_choice};
use super::train::TrainPage;
use super::{address, client, embed, keeping};
use crate::labs::train::Status;

#[component]
pub(super) fn App() -> impl IntoView {
    let labs = Labs::new();
    provide_context(labs);
    provide_context(SolvedHere::new());
    provide_context(Figures::new());
    provide_context(Presenting::new());
    provide_context(NotebookHere::new());
    let embed = embed::asked();
    if let Some(embed) = &embed {
        embed::begin(embed);
    }
    keeping::begin(labs);
    client::listen(move |event| hear(labs, event));
    // A page that is hidden may be closed without another word.
    let hiding = window_event_listener(leptos::ev::visibilitychange, move |_| {
        if document().hidden() {
            take_said(labs);
            keeping::save_now(labs);
        }
    });
    on_cleanup(move || hiding.remove());

    // The browser asks before a page with a run under way is left.
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if labs.train.with_untracked(|train| train.status.has_run()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());

    take_drops(labs);
    offline::begin(labs);

    let route = address::follow(labs);
    let title = Memo::new(move |_| {
        let lab = route.read().lab.title();
        let progress = labs.train.with(|train| match (train.status, &train.run) {
            (Status::Running, Some(run)) => Some(format!("{:.0} % · ", run.done * 100.0)),
            (Status::Paused, Some(_)) => Some("Paused · ".into()),
            _ => None,
        });
        format!("{}{lab} · Piecewise", progress.unwrap_or_default())
    });
    Effect::new(move || set_title(&title.read()));

    let lab = Memo::new(move |_| route.read().lab);
    // On a phone the links go on beyond the edge.
    let nav = NodeRef::<Nav>::new();
    Effect::new(move || {
        lab.track();
        let here = nav.get().and_then(|nav| Some((nav.query_selector("[aria-current]").ok()??, nav)));
        if let Some((link, nav)) = here {
            let (link, frame) = (link.get_bounding_client_rect(), nav.get_bounding_client_rect());
            let beyond = (link.right() - frame.right()).max(0.0) + (link.left() - frame.left()).min(0.0);
            nav.set_scroll_left(nav.scroll_left() + beyond.ceil() as i32);
        }
    });
    let link = move |entry: Lab| {
        let current = move || (lab.get() == entry).then_some("page");
        view! {
            <a href=format!("#/{}", entry.path()) aria-current=current data-testid=format!("nav-{}", entry.path())>{entry.title()}</a>
        }
    };
    let unknown = Signal::derive(move || {
        let route = route.read();
        (route.lab == Lab::Home && !route.state.is_empty()).then(|| route.state.clone())
    });
    let key_list = RwSignal::new(false);
    let place = Signal::derive(move || {
        route.with(|route| if route.lab == Lab::Story { route.state.clone() } else { String::new() })
    });
    let choice = theme_choice();
    let main = NodeRef::<Main>::new();
    let skip = move |_| {
        if let Some(main) = main.get() {
            // Focusable as it is.
            drop(main.focus());
        }
    };
    view! {
        <button type="button" class="skip" data-testid="skip" on:click=skip>"Skip to the lab"</button>
        <header class="shell">
            <a class="brand" href="#/" aria-label="Piecewise, first page" data-testid="brand">
                <svg viewBox="0 0 32 20" aria-hidden="true"><polyline points="1,15 9,15 15,4 22,13 31,2"></polyline></svg>
                "Piecewise"
            </a>
            <nav aria-label="Labs" node_ref=nav>{Lab::ALL.map(link).collect_view()}</nav>
            <ThemeSwitch choice/>
            <KeysButton open=key_list/>
        </header>
        <NewVersion/>
        <main node_ref=main tabindex="-1">
            {move || match lab.get() {
                Lab::Home => view! { <HomePage unknown/> }.into_any(),
                Lab::Story => view! { <StoriesPage place/> }.into_any(),
                Lab::Function => view! { <FunctionPage/> }.into_any(),
                Lab::Path => view! { <PathPage/> }.into_any(),
                Lab::Gates => view! { <GatesPage/> }.into_any(),
                Lab::Plane => view! { <PlanePage/> }.into_any(),
                Lab::Backprop => view! { <BackpropPage/> }.into_any(),
                Lab::Train => view! { <TrainPage/> }.into_any(),
                Lab::Bench => view! { <BenchPage/> }.into_any(),
                Lab::Notebook => view! { <NotebookPage/> }.into_any(),
            }}
        </main>
        {embed.map(|embed| view! { <EmbedFoot embed labs lab/> })}
        <SolvedWord/>
        <KeyList open=key_list/>
        <PresentBar lab/>
    }
}
