//! A window over the page. The browser keeps the focus in it, closes it on Escape, and gives the focus back.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

#[component]
pub(in crate::web) fn Dialog(
    /// Name for test hooks.
    testid: &'static str,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// Whether it is there.
    open: RwSignal<bool>,
    /// What it holds, made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let (Some(dialog), is_open) = (dialog.get(), open.get()) else { return };
        if is_open && !dialog.open() {
            // Refused only where it is not in the page, or open already.
            drop(dialog.show_modal());
        } else if !is_open && dialog.open() {
            dialog.close();
        }
    });
    let heading = move || format!("{testid}-title");
    // What lies around it is the dialog itself, for a pointer.
    let press = move |event: leptos::ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if target.is_some() {
            open.set(false);
        }
    };
    view! {
        <dialog class="sheet" node_ref=dialog data-testid=testid aria-labelledby=heading() on:close=move |_| open.set(false) on:click=press>
            <Show when=move || open.get()>
                <div class="sheet-body">
                    <div class="sheet-head">
                        <h2 id=heading()>{title.clone()}</h2>
                        <button type="button" class="quiet" data-testid=format!("{testid}-close") aria-label="Close" on:click=move |_| open.set(false)>"✕"</button>
                    </div>
                    {children()}
                </div>
            </Show>
        </dialog>
    }
}
