//! What is written beside a plot's crosshair, and a plot's legend.

use leptos::prelude::*;

use crate::plot::{Entry, Theme, sample};

/// A line of a [`Readout`].
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Row {
    /// The place in the chart's legend of what it is about.
    pub entry: Option<usize>,
    /// What the values are of.
    pub name: String,
    /// A value a column.
    pub values: Vec<String>,
}

impl Row {
    /// A name and its value.
    pub(in crate::web) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { entry: None, name: name.into(), values: vec![value.into()] }
    }

    /// With the sample of an entry of the legend.
    pub(in crate::web) fn of(self, entry: usize) -> Self {
        Self { entry: Some(entry), ..self }
    }
}

/// What is at a place of a plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::web) struct Readout {
    /// Where.
    pub title: String,
    /// What the values of each row are; nothing if each has one that needs no word.
    pub columns: Vec<&'static str>,
    /// What is there.
    pub rows: Vec<Row>,
}

impl Readout {
    /// In one sentence, for those who hear it.
    pub(super) fn in_words(&self) -> String {
        let row = |row: &Row| {
            let value = |(index, value): (usize, &String)| match self.columns.get(index) {
                Some(column) => format!("{column} {value}"),
                None => value.clone(),
            };
            format!("{} {}", row.name, row.values.iter().enumerate().map(value).collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<_> = self.rows.iter().map(row).collect();
        format!("{}: {}", self.title, rows.join("; "))
    }

    /// As a table, samples from the legend.
    pub(super) fn view(&self, legend: &[Entry], theme: &Theme) -> AnyView {
        let head = (!self.columns.is_empty()).then(|| {
            let columns = self.columns.iter().map(|column| view! { <th scope="col">{*column}</th> }).collect_view();
            view! { <tr><td></td><td></td>{columns}</tr> }
        });
        let row = |row: &Row| {
            let picture = row.entry.and_then(|at| legend.get(at)).map(|entry| sample(entry, theme)).unwrap_or_default();
            let values = row.values.iter().map(|value| view! { <td>{value.clone()}</td> }).collect_view();
            view! { <tr><td inner_html=picture></td><th scope="row">{row.name.clone()}</th>{values}</tr> }
        };
        let rows = self.rows.iter().map(row).collect_view();
        view! { <p>{self.title.clone()}</p><table><tbody>{head}{rows}</tbody></table> }.into_any()
    }
}

/// The names of a chart's lines, marks and areas.
#[component]
pub(super) fn Legend(entries: Memo<Vec<Entry>>, theme: Signal<Theme>) -> impl IntoView {
    let item = move |entry: &Entry| {
        view! { <span><span inner_html=sample(entry, &theme.read())></span>{entry.name.clone()}</span> }
    };
    view! { <div class="legend" aria-hidden="true" class:gone=move || entries.read().is_empty()>{move || entries.read().iter().map(item).collect_view()}</div> }
}
