//! The proof of the gate on screen, face by face.

use leptos::prelude::*;

use crate::labs::gates::faces::{FaceRow, MAX_LISTED, faces};
use crate::web::state::Labs;

#[component]
pub(super) fn FaceTable(labs: Labs) -> impl IntoView {
    // How it is looked at changes no face.
    let gate = Memo::new(move |_| labs.gates.read().gate.content());
    let rows = Memo::new(move |_| faces(&gate.read()));
    let row = |row: FaceRow| {
        let wants = if row.wanted { "> 0" } else { "≤ 0" };
        let (mark, word) = if row.is_right { ("✓", "right") } else { ("✗", "wrong") };
        view! {
            <tr class:wrong=!row.is_right>
                <td>{row.place}</td>
                <td>{row.f}</td>
                <td>{wants} " " <span aria-label=word>{mark}</span></td>
            </tr>
        }
    };
    let body = move || {
        rows.get().map(|rows| {
            view! {
                <table>
                    <thead><tr><th scope="col">"where"</th><th scope="col">"f there"</th><th scope="col">"wanted"</th></tr></thead>
                    <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            }
        })
    };
    let too_many = move || rows.read().is_none().then(|| format!("More than {MAX_LISTED} faces: too many to list."));
    let count = move || rows.read().as_ref().map_or(0, Vec::len);
    view! {
        <div class="scroll face-table" tabindex="0" role="region" aria-label="The proof, face by face" data-testid="story-faces" data-value=count>
            {body} {too_many}
        </div>
    }
}
