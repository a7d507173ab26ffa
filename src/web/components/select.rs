//! A choice from a list, with its label.

use leptos::prelude::*;

/// What there is to choose: the value, its name for test hooks, and its text.
pub(in crate::web) type Options<T> = Vec<(T, String, String)>;

/// Numbers to choose from, as options.
pub(in crate::web) fn number_options(numbers: impl IntoIterator<Item = usize>) -> Options<usize> {
    numbers.into_iter().map(|number| (number, number.to_string(), number.to_string())).collect()
}

/// A label and a list.
#[component]
pub(in crate::web) fn Select<T>(
    /// Name for test hooks, and the element's id.
    #[prop(into)]
    testid: String,
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// What there is to choose.
    #[prop(into)]
    options: Signal<Options<T>>,
    /// What is chosen now.
    #[prop(into)]
    value: Signal<T>,
    /// Takes another choice.
    set: impl Fn(T) + Copy + Send + Sync + 'static,
    /// Whether nothing else can be chosen for now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let chosen = move || {
        let value = value.get();
        options.read().iter().find(|option| option.0 == value).map(|option| option.1.clone()).unwrap_or_default()
    };
    let option = move |(entry, word, text): (T, String, String)| {
        view! { <option value=word selected=move || value.get() == entry>{text}</option> }
    };
    view! {
        <label for=testid.clone()>{label}</label>
        <select
            id=testid.clone()
            data-testid=testid
            disabled=move || disabled.get()
            prop:value=chosen
            on:change:target=move |event| {
                let word = event.target().value();
                let found = options.read_untracked().iter().find(|option| option.1 == word).map(|option| option.0.clone());
                if let Some(entry) = found {
                    set(entry);
                }
            }
        >
            {move || options.get().into_iter().map(option).collect_view()}
        </select>
    }
}
