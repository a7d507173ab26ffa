//! The address follows what is on screen, and the screen the address.

use leptos::prelude::*;

use super::router::{self, Route};
use super::state::Labs;

/// Where the address points to, from now on; the labs take over what it holds, and it what they hold.
pub(super) fn follow(labs: Labs) -> RwSignal<Route> {
    let route = RwSignal::new(Route::current());
    let follow_address = move || {
        // The lab that is left, as it is: what is written into the address later is too late for it.
        let before = route.get_untracked();
        router::remember(before.lab, &untrack(|| labs.encode(before.lab)).unwrap_or(before.state));
        let now = Route::current();
        labs.restore(&now);
        route.set(now);
    };
    follow_address();
    let listener = window_event_listener(leptos::ev::hashchange, move |_| follow_address());
    on_cleanup(move || listener.remove());
    keep_in_address(labs, route);
    route
}

/// Writes the shown lab's state into the address, once it has rested.
fn keep_in_address(labs: Labs, route: RwSignal<Route>) {
    let write = leptos::leptos_dom::helpers::debounce(std::time::Duration::from_millis(250), move |()| {
        let lab = route.read_untracked().lab;
        if let Some(state) = untrack(|| labs.encode(lab)) {
            router::keep_in_address(lab, &state);
            router::remember(lab, &state);
        }
    });
    let write = StoredValue::new_local(write);
    Effect::new(move || {
        let Route { lab, state } = route.get();
        match labs.encode(lab) {
            Some(_) => write.update_value(|write| write(())),
            None => router::remember(lab, &state),
        }
    });
}
