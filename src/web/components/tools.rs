//! What every lab offers for its state as a whole: undo and redo, back to the start, a link to it.

use leptos::prelude::*;

use super::{CopyLink, Undo};
use crate::labs::history::History;

#[component]
pub(in crate::web) fn Tools<T>(
    /// What is undone.
    #[prop(into)]
    state: Signal<T>,
    /// Its history.
    history: RwSignal<History<T>>,
    /// Puts another state on screen.
    set: impl Fn(T) + Copy + Send + Sync + 'static,
    /// Where Reset goes back to.
    start: impl Fn() -> T + Copy + 'static,
    /// What that is, in words.
    start_title: &'static str,
    /// The lab's word in the address.
    path: &'static str,
    /// Its state, as the address has it.
    link: impl Fn() -> String + Copy + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    view! {
        <div class="row tools">
            <Undo state history set/>
            <button type="button" class="quiet" data-testid="reset" title=start_title on:click=move |_| set(start())>"Reset"</button>
            <CopyLink path state=link/>
        </div>
    }
}
