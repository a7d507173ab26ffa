//! Sharing what a lab shows: a link, a frame for another page, a picture with its caption.

use leptos::prelude::*;

use super::figures::{Shown, use_figures};
use super::{CopyButtons, CopyItem, Dialog};
use crate::labs::printout::FIGURE_PX;
use crate::labs::share::embed::{Embed, Hidden};
use crate::labs::share::picture::captioned;
use crate::web::browser;
use crate::web::router::{self, Lab};
use crate::web::state::use_labs;

/// Picture pixels of a PNG for one of the design.
const PNG_SCALE: u32 = 2;

/// What may be left out of a frame, in words.
fn name(hidden: Hidden) -> &'static str {
    match hidden {
        Hidden::Controls => "controls",
        Hidden::Answers => "answers",
        Hidden::Formula => "formulas",
        Hidden::Challenges => "challenges",
        Hidden::Tools => "buttons that copy and export",
    }
}

/// A button that opens the sheet.
#[component]
pub(super) fn Share(lab: Lab, title: &'static str) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button type="button" data-testid="share" title="Link, frame for another page, or picture" on:click=move |_| open.set(true)>"Share"</button>
        <Dialog testid="share-sheet" title=format!("Share the {}", title.to_lowercase()) open>
            <Sheet lab title/>
        </Dialog>
    }
}

#[component]
fn Sheet(lab: Lab, title: &'static str) -> impl IntoView {
    let labs = use_labs();
    let hash = StoredValue::new(router::hash_of(lab, &untrack(|| labs.encode(lab)).unwrap_or_default()));
    let link = move || router::page() + &hash.get_value();
    let embed = RwSignal::new(Embed { hidden: vec![Hidden::Challenges] });
    let fits = RwSignal::new(true);
    let code = Memo::new(move |_| embed.read().code(&router::page(), &hash.get_value(), title, fits.get()));
    let choice = move |hidden: Hidden| {
        let is_hidden = move || embed.read().hidden.contains(&hidden);
        let set = move |on: bool| {
            embed.update(|embed| {
                embed.hidden.retain(|other| *other != hidden);
                if on {
                    embed.hidden.push(hidden);
                    embed.hidden.sort_unstable();
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" data-testid=format!("hide-{}", hidden.word()) prop:checked=is_hidden on:change:target=move |event| set(event.target().checked())/>
                {name(hidden)}
            </label>
        }
    };
    let item = |name, testid: &str, title, file, text: Callback<(), String>| CopyItem {
        name,
        testid: testid.into(),
        title,
        file,
        text,
    };
    let link_items =
        vec![item("Link", "share-copy-link", "Copy the link", "piecewise-link.txt", Callback::new(move |()| link()))];
    let code_items = vec![item(
        "HTML",
        "share-copy-code",
        "Copy the code",
        "piecewise-frame.html",
        Callback::new(move |()| code.get_untracked()),
    )];
    view! {
        <section>
            <h3>"Link"</h3>
            <input type="text" class="wide" readonly data-testid="share-link" aria-label="Link to this lab as it is now" prop:value=link/>
            <CopyButtons label="It opens the lab as it is now. Copy:" items=link_items status="link-copied"/>
        </section>
        <section>
            <h3>"On your own page"</h3>
            <div class="row wrap" role="group" aria-label="Leave out"><span class="aside">"Leave out:"</span> {Hidden::ALL.map(choice).collect_view()}</div>
            <label class="check">
                <input type="checkbox" data-testid="share-fits" prop:checked=fits on:change:target=move |event| fits.set(event.target().checked())/>
                "Let the frame take the lab’s height (adds a line of script)"
            </label>
            <textarea class="wide code" rows="4" readonly spellcheck="false" data-testid="share-code" aria-label="Code for your page" prop:value=code></textarea>
            <CopyButtons label="Copy:" items=code_items status="code-copied"/>
        </section>
        <Picture title/>
    }
}

/// The lab's first plot with its caption, to look at and to save.
#[component]
fn Picture(title: &'static str) -> impl IntoView {
    let shown = use_figures().first();
    let has_plot = shown.is_some();
    let picture = shown.map(|Shown { svg, caption, file }| {
        let (svg, size) = captioned(&svg, FIGURE_PX, title, &caption);
        let preview = format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(&svg)));
        let (png, alt) = (preview.clone(), caption.clone());
        let svg = StoredValue::new(svg);
        let save_svg = move |_| browser::download_text(&format!("{file}.svg"), "image/svg+xml", &svg.get_value());
        let save_png = move |_| browser::download_png(&format!("{file}.png"), &png, size, PNG_SCALE);
        view! {
            <img class="preview" src=preview alt=alt width=size.0 height=size.1 data-testid="share-picture"/>
            <p class="row">
                <button type="button" data-testid="share-png" on:click=save_png>"Save as PNG"</button>
                <button type="button" data-testid="share-svg" on:click=save_svg>"Save as SVG"</button>
            </p>
        }
    });
    view! {
        <section>
            <h3>"Picture with caption"</h3>
            {picture}
            {(!has_plot).then(|| view! { <p class="aside">"This part shows no plot. Its tables can be saved from the page."</p> })}
        </section>
    }
}
