//! Notices when the labs are as a step wants them.

use std::time::Duration;

use leptos::prelude::*;

use crate::labs::stories::{Check, Checking, LabName, World};
use crate::web::components::Slices;
use crate::web::state::Labs;

/// A lab is looked at when it has rested this long: what it was on the way there counts for nothing.
const REST: Duration = Duration::from_millis(250);

/// Calls `met` with the step each time that the labs, having rested, are as its check wants.
pub(super) fn notice(labs: Labs, check: Signal<Option<(usize, Check)>>, met: Callback<usize>) {
    let slices = Slices::new();
    let look = leptos::leptos_dom::helpers::debounce(REST, move |()| {
        let Some(Some((step, check))) = check.try_get_untracked() else { return };
        let checking = check.begin(World {
            function: &labs.function.read_untracked(),
            path: &labs.path.read_untracked(),
            gates: &labs.gates.read_untracked(),
            backprop: &labs.backprop.read_untracked(),
            train: &labs.train.read_untracked(),
        });
        slices.start(checking, Checking::advance, move |state| {
            if state.is_ok_and(Checking::finish) {
                met.try_run(step);
            }
        });
    });
    let look = StoredValue::new_local(look);
    Effect::new(move || {
        match check.read().as_ref().map(|(_, check)| check.lab()) {
            Some(LabName::Function) => labs.function.track(),
            Some(LabName::Path) => labs.path.track(),
            Some(LabName::Gates) => labs.gates.track(),
            Some(LabName::Backprop) => labs.backprop.track(),
            Some(LabName::Train) => labs.train.track(),
            None => return,
        }
        look.update_value(|look| look(()));
    });
}
