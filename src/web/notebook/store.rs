//! The notebook of this browser: kept as it is typed, and shared with other tabs.

use std::time::Duration;

use leptos::prelude::*;

use crate::labs::challenges::Solved;
use crate::labs::notebook::Notebook;
use crate::labs::notebook::file;
use crate::labs::notebook::questions::QUESTIONS;
use crate::web::browser;
use crate::web::solved::SolvedHere;

const KEY: &str = "piecewise.notebook";
/// What stood there and could not be read, so that nothing is ever lost.
const UNREAD: &str = "piecewise.notebook.unread";
/// It is kept when typing has rested so long.
const REST: Duration = Duration::from_millis(300);

/// The notebook.
#[derive(Clone, Copy)]
pub(in crate::web) struct NotebookHere {
    /// As it is.
    pub now: RwSignal<Notebook>,
    /// As it was before a file took its place.
    pub before: RwSignal<Option<Notebook>>,
    /// What went wrong last.
    pub problem: RwSignal<Option<String>>,
    /// The question that was pinned to last.
    pub question: RwSignal<usize>,
    /// As it was kept last.
    kept: StoredValue<String>,
}

/// The notebook.
pub(in crate::web) fn use_notebook() -> NotebookHere {
    use_context().expect("App provides the notebook")
}

impl NotebookHere {
    /// As the browser has it; from now on it is kept as it changes.
    pub(in crate::web) fn new() -> Self {
        let here = Self {
            now: RwSignal::default(),
            before: RwSignal::new(None),
            problem: RwSignal::new(None),
            question: RwSignal::new(0),
            kept: StoredValue::new(String::new()),
        };
        here.read();
        let keep_soon = leptos::leptos_dom::helpers::debounce(REST, move |()| here.keep());
        let keep_soon = StoredValue::new_local(keep_soon);
        Effect::new(move |was: Option<()>| {
            here.now.track();
            if was.is_some() {
                keep_soon.update_value(|keep| keep(()));
            }
        });
        // A page that is hidden may be closed without another word.
        let hiding = window_event_listener(leptos::ev::visibilitychange, move |_| here.keep());
        let leaving = window_event_listener_untyped("pagehide", move |_| here.keep());
        // Another tab has kept something.
        let others = window_event_listener_untyped("storage", move |_| here.read());
        on_cleanup(move || {
            hiding.remove();
            leaving.remove();
            others.remove();
        });
        here
    }

    /// Takes over what the browser has, if that is not what is here.
    fn read(self) {
        let Some(text) = browser::stored(KEY).filter(|text| self.kept.with_value(|kept| kept != text)) else { return };
        match file::decode(&text) {
            Ok((notebook, _)) => {
                self.kept.set_value(text);
                self.now.set(notebook);
            }
            Err(error) => {
                browser::store(UNREAD, &text);
                self.problem.set(Some(format!(
                    "The notebook that this browser has kept cannot be read; its text was set aside as “{UNREAD}”. {error}"
                )));
            }
        }
    }

    /// Keeps it in the browser.
    fn keep(self) {
        let Some(text) = self.now.try_with_untracked(|now| file::encode(now, &Solved::default())) else { return };
        if self.kept.with_value(|kept| *kept == text) {
            return;
        }
        if browser::try_store(KEY, &text) {
            self.kept.set_value(text);
        } else {
            self.problem.set(Some(
                "This browser has no room to keep the notebook. Save it as a file now, so that nothing is lost.".into(),
            ));
        }
    }

    /// The file to save.
    pub(super) fn file(self, solved: SolvedHere) -> String {
        let solved = solved.all.get_untracked();
        self.now.with_untracked(|now| file::encode(now, &solved))
    }

    /// Puts a file's notebook in the place of this one, and adds what is solved there.
    pub(super) fn open(self, text: &str, solved: SolvedHere) {
        match file::decode(text) {
            Ok((notebook, more)) => {
                self.before.set(Some(self.now.get_untracked()).filter(|before| !before.is_empty()));
                self.now.set(notebook);
                self.problem.set(None);
                solved.join(more);
            }
            Err(error) => self.problem.set(Some(error.to_string())),
        }
    }

    /// Back to the notebook before the file.
    pub(super) fn undo_open(self) {
        if let Some(before) = self.before.get_untracked() {
            self.now.set(before);
            self.before.set(None);
        }
    }
}

/// The questions, for a choice.
pub(super) fn question_options() -> Vec<(usize, String, String)> {
    let option = |(place, asked): (usize, &crate::labs::notebook::questions::Asked)| {
        (place, asked.number.to_owned(), format!("{}. {}", asked.number, asked.task))
    };
    QUESTIONS.iter().enumerate().map(option).collect()
}
