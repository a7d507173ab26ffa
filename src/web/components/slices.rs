//! Long work on the page's thread, in slices, so that the page stays smooth.

use std::time::Duration;

use leptos::prelude::*;

/// Longest time at once.
const SLICE_MS: f64 = 5.0;

fn clock() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Longest time for what a page shows first.
const FIRST_MS: f64 = 40.0;

/// Does `work` at once if that takes no longer than a page may take to appear.
pub(in crate::web) fn at_once<W>(work: W, advance: impl Fn(&mut W) -> bool) -> Option<W> {
    within(FIRST_MS, work, advance)
}

/// Does `work` at once if that takes no longer than so many milliseconds.
pub(in crate::web) fn within<W>(ms: f64, mut work: W, advance: impl Fn(&mut W) -> bool) -> Option<W> {
    let end = clock() + ms;
    while clock() < end {
        if advance(&mut work) {
            return Some(work);
        }
    }
    None
}

/// Work in slices; what is started later overtakes what was started before.
#[derive(Clone, Copy)]
pub(in crate::web) struct Slices {
    generation: StoredValue<u32>,
}

impl Slices {
    /// No work yet. It ends when its owner is gone.
    pub(in crate::web) fn new() -> Self {
        Self { generation: StoredValue::new(0) }
    }

    /// Starts `work`, which returns whether it is done, at once, and goes on with it until then. After each slice
    /// `shown` hears whether it is done; it gets the work at the end only.
    pub(in crate::web) fn start<W: 'static>(
        self,
        work: W,
        advance: impl Fn(&mut W) -> bool + 'static,
        shown: impl Fn(Result<W, &W>) + 'static,
    ) {
        let mine = self.generation.get_value().wrapping_add(1);
        self.generation.set_value(mine);
        self.go_on(work, advance, shown, mine);
    }

    /// Gives up what is under way.
    pub(in crate::web) fn stop(self) {
        self.generation.update_value(|generation| *generation = generation.wrapping_add(1));
    }

    fn go_on<W: 'static>(
        self,
        mut work: W,
        advance: impl Fn(&mut W) -> bool + 'static,
        shown: impl Fn(Result<W, &W>) + 'static,
        mine: u32,
    ) {
        if self.generation.try_get_value() != Some(mine) {
            return;
        }
        let end = clock() + SLICE_MS;
        let mut is_done = false;
        while !is_done && clock() < end {
            is_done = advance(&mut work);
        }
        if is_done {
            shown(Ok(work));
        } else {
            shown(Err(&work));
            set_timeout(move || self.go_on(work, advance, shown, mine), Duration::ZERO);
        }
    }
}
