//! What the worker says, taken into the labs' states.

use leptos::prelude::*;

use super::state::Labs;
use super::{function, keeping, plane};
use crate::protocol::Event;

/// What a run says of itself is taken at most so often. A run of short epochs says something a hundred times a second, and
/// each time all that is shown of it would be derived anew.
const TAKE_EVERY: std::time::Duration = std::time::Duration::from_millis(250);

thread_local! {
    /// What a run has said since it was last taken.
    static SAID: std::cell::RefCell<Vec<Event>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Takes what the worker says: how a run goes from time to time, all else at once.
pub(super) fn hear(labs: Labs, event: Event) {
    if let Event::Epoch { record, .. } = &event {
        keeping::reach(record.epoch);
    }
    if matches!(event, Event::Progress(_) | Event::Epoch { .. }) {
        let is_first = SAID.with_borrow_mut(|said| {
            said.push(event);
            said.len() == 1
        });
        if is_first {
            set_timeout(move || take_said(labs), TAKE_EVERY);
        }
        return;
    }
    if matches!(event, Event::Plane(_) | Event::PlaneSeeds { .. }) {
        return plane::hear(labs, &event);
    }
    plane::hear(labs, &event);
    take_said(labs);
    labs.bench.update(|bench| bench.apply(&event));
    let mut has_ended = false;
    labs.fit_run.update(|run| has_ended = run.apply(&event));
    if has_ended {
        function::go_on(labs);
    }
    let before = keeping::before(labs);
    labs.train.update(|train| train.apply(event.clone()));
    keeping::follow(labs, &event, &before);
}

/// Takes what a run has said.
pub(super) fn take_said(labs: Labs) {
    let said = SAID.take();
    if said.is_empty() {
        return;
    }
    let has_epoch = said.iter().any(|event| matches!(event, Event::Epoch { .. }));
    labs.train.update(|train| said.into_iter().for_each(|event| train.apply(event)));
    if has_epoch {
        keeping::save_soon(labs);
    }
}
