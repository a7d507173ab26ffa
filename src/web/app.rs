//! The shell: navigation, theme, and the screen that the address names.

use leptos::html::Main;
use leptos::prelude::*;
use web_sys::DragEvent;

use super::backprop::BackpropPage;
use super::bench::BenchPage;
use super::browser;
use super::client;
use super::function::{self, FunctionPage};
use super::gates::GatesPage;
use super::home::HomePage;
use super::keeping;
use super::path::PathPage;
use super::router::{self, Lab, Route, set_title};
use super::train::{self, TrainPage};
use crate::labs::backprop::BackpropLab;
use crate::labs::backprop::layers::LayerLab;
use crate::labs::backprop::question8::Question8;
use crate::labs::bench::BenchLab;
use crate::labs::function::FunctionLab;
use crate::labs::function::fit::FitRun;
use crate::labs::function::network::NetworkLab;
use crate::labs::gates::boolean::BooleanLab;
use crate::labs::gates::{GateLab, GatesLab};
use crate::labs::history::History;
use crate::labs::path::PathLab;
use crate::labs::train::kept::KeptRuns;
use crate::labs::train::{Form, Status, TrainLab};
use crate::plot::Theme;
use crate::protocol::Event;

const THEME_KEY: &str = "piecewise.theme";
/// What a run says of itself is taken at most so often. A run of short epochs says something a hundred times a second, and
/// each time all that is shown of it would be derived anew.
const TAKE_EVERY: std::time::Duration = std::time::Duration::from_millis(200);

thread_local! {
    /// What a run has said since it was last taken.
    static SAID: std::cell::RefCell<Vec<Event>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// The labs' states. They live as long as the page, so that going to another lab loses nothing.
#[derive(Clone, Copy)]
pub(super) struct Labs {
    pub function: RwSignal<FunctionLab>,
    pub function_history: RwSignal<History<NetworkLab>>,
    pub fit_run: RwSignal<FitRun>,
    pub path: RwSignal<PathLab>,
    pub path_history: RwSignal<History<PathLab>>,
    pub gates: RwSignal<GatesLab>,
    pub gate_history: RwSignal<History<GateLab>>,
    pub boolean_history: RwSignal<History<BooleanLab>>,
    pub backprop: RwSignal<BackpropLab>,
    pub question8_history: RwSignal<History<Question8>>,
    pub layers_history: RwSignal<History<LayerLab>>,
    /// Why the address' state could not be shown.
    pub link_error: RwSignal<Option<String>>,
    pub train: RwSignal<TrainLab>,
    pub form: RwSignal<Form>,
    pub kept: RwSignal<KeptRuns>,
    pub bench: RwSignal<BenchLab>,
}

/// Which colours the visitor wants.
#[derive(Clone, Copy, PartialEq)]
enum Choice {
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy)]
struct ThemeContext(Signal<Theme>);

/// The colours to draw with.
pub(super) fn use_theme() -> Signal<Theme> {
    use_context::<ThemeContext>().map_or_else(|| Signal::stored(Theme::LIGHT), |context| context.0)
}

/// The labs' states.
pub(super) fn use_labs() -> Labs {
    use_context().expect("App provides the labs")
}

#[component]
pub(super) fn App() -> impl IntoView {
    let labs = Labs {
        function: RwSignal::default(),
        function_history: RwSignal::new(History::new(NetworkLab::default())),
        fit_run: RwSignal::default(),
        path: RwSignal::default(),
        path_history: RwSignal::new(History::new(PathLab::default())),
        gates: RwSignal::default(),
        gate_history: RwSignal::new(History::new(GateLab::default())),
        boolean_history: RwSignal::new(History::new(BooleanLab::default())),
        backprop: RwSignal::default(),
        question8_history: RwSignal::new(History::new(Question8::default().content())),
        layers_history: RwSignal::new(History::new(LayerLab::default())),
        link_error: RwSignal::new(None),
        train: RwSignal::default(),
        form: RwSignal::default(),
        kept: RwSignal::default(),
        bench: RwSignal::default(),
    };
    provide_context(labs);
    keeping::begin(labs);
    client::listen(move |event| hear(labs, event));
    // A page that is hidden may be closed without another word.
    let hiding = window_event_listener(leptos::ev::visibilitychange, move |_| {
        if document().hidden() {
            take_said(labs);
            keeping::save_now(labs);
        }
    });
    on_cleanup(move || hiding.remove());

    // The browser asks before a page with a run under way is left.
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if labs.train.with_untracked(|train| train.status.has_run()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());

    take_drops(labs);

    let route = RwSignal::new(Route::current());
    let follow_address = move || {
        // The lab that is left, as it is: what is written into the address later is too late for it.
        let before = route.get_untracked().lab;
        router::remember(before, &untrack(|| labs.encode(before)).unwrap_or_default());
        let now = Route::current();
        labs.restore(&now);
        route.set(now);
    };
    follow_address();
    let listener = window_event_listener(leptos::ev::hashchange, move |_| follow_address());
    on_cleanup(move || listener.remove());
    keep_in_address(labs, route);

    Effect::new(move || {
        let lab = route.read().lab.title();
        let progress = labs.train.with(|train| match (train.status, &train.run) {
            (Status::Running, Some(run)) => Some(format!("{:.0} % · ", run.done * 100.0)),
            (Status::Paused, Some(_)) => Some("Paused · ".into()),
            _ => None,
        });
        set_title(&format!("{}{lab} · Piecewise", progress.unwrap_or_default()));
    });

    let lab = Memo::new(move |_| route.read().lab);
    let link = move |entry: Lab| {
        let current = move || (lab.get() == entry).then_some("page");
        view! {
            <a href=format!("#/{}", entry.path()) aria-current=current data-testid=format!("nav-{}", entry.path())>{entry.title()}</a>
        }
    };
    let unknown = Signal::derive(move || {
        let route = route.read();
        (route.lab == Lab::Home && !route.state.is_empty()).then(|| route.state.clone())
    });
    let choice = theme_choice();
    let main = NodeRef::<Main>::new();
    let skip = move |_| {
        if let Some(main) = main.get() {
            // Focusable as it is.
            drop(main.focus());
        }
    };
    view! {
        <button type="button" class="skip" data-testid="skip" on:click=skip>"Skip to the lab"</button>
        <header class="shell">
            <a class="brand" href="#/" aria-label="Piecewise, first page" data-testid="brand">
                <svg viewBox="0 0 32 20" aria-hidden="true"><polyline points="1,15 9,15 15,4 22,13 31,2"></polyline></svg>
                "Piecewise"
            </a>
            <nav aria-label="Labs">{Lab::ALL.map(link).collect_view()}</nav>
            <ThemeSwitch choice/>
        </header>
        <main node_ref=main tabindex="-1">
            {move || match lab.get() {
                Lab::Home => view! { <HomePage unknown/> }.into_any(),
                Lab::Function => view! { <FunctionPage/> }.into_any(),
                Lab::Path => view! { <PathPage/> }.into_any(),
                Lab::Gates => view! { <GatesPage/> }.into_any(),
                Lab::Backprop => view! { <BackpropPage/> }.into_any(),
                Lab::Train => view! { <TrainPage/> }.into_any(),
                Lab::Bench => view! { <BenchPage/> }.into_any(),
            }}
        </main>
    }
}

/// Files that are dropped anywhere on the page are loaded in the train lab, and never opened in place of the page.
fn take_drops(labs: Labs) {
    let has_files =
        |event: &DragEvent| event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0));
    let mark = |is_over: bool| {
        if let Some(body) = document().body() {
            // A word without blanks is never refused.
            drop(body.class_list().toggle_with_force("dropping", is_over));
        }
    };
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        if has_files(&event) {
            event.prevent_default();
            mark(true);
        }
    });
    let leave = window_event_listener(leptos::ev::dragleave, move |event| {
        // Only what leaves the window has nowhere to go.
        if event.related_target().is_none() {
            mark(false);
        }
    });
    let drop_files = window_event_listener(leptos::ev::drop, move |event| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        mark(false);
        if let Some(transfer) = event.data_transfer() {
            router::go_to(Lab::Train);
            train::load_dropped(labs.train, &transfer);
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop_files.remove();
    });
}

/// Takes what the worker says: how a run goes from time to time, all else at once.
fn hear(labs: Labs, event: Event) {
    if let Event::Epoch { record, .. } = &event {
        keeping::reach(record.epoch);
    }
    if matches!(event, Event::Progress(_) | Event::Epoch { .. }) {
        let is_first = SAID.with_borrow_mut(|said| {
            said.push(event);
            said.len() == 1
        });
        if is_first {
            set_timeout(move || take_said(labs), TAKE_EVERY);
        }
        return;
    }
    take_said(labs);
    labs.bench.update(|bench| bench.apply(&event));
    let mut has_ended = false;
    labs.fit_run.update(|run| has_ended = run.apply(&event));
    if has_ended {
        function::go_on(labs);
    }
    let before = keeping::before(labs);
    labs.train.update(|train| train.apply(event.clone()));
    keeping::follow(labs, &event, &before);
}

/// Takes what a run has said.
fn take_said(labs: Labs) {
    let said = SAID.take();
    if said.is_empty() {
        return;
    }
    let has_epoch = said.iter().any(|event| matches!(event, Event::Epoch { .. }));
    labs.train.update(|train| said.into_iter().for_each(|event| train.apply(event)));
    if has_epoch {
        keeping::save_soon(labs);
    }
}

impl Labs {
    /// The state that the lab's address should hold, if it holds any.
    fn encode(&self, lab: Lab) -> Option<String> {
        match lab {
            Lab::Function => Some(self.function.read().encode()),
            Lab::Path => Some(self.path.read().encode()),
            Lab::Gates => Some(self.gates.read().encode()),
            Lab::Backprop => Some(self.backprop.read().encode()),
            Lab::Home | Lab::Train | Lab::Bench => None,
        }
    }

    /// Takes over the address' state, if it holds one that is not on screen already.
    fn restore(&self, route: &Route) {
        self.link_error.set(None);
        if route.state.is_empty() || untrack(|| self.encode(route.lab)).is_none_or(|state| state == route.state) {
            return;
        }
        let result = match route.lab {
            Lab::Function => {
                let mut result = Ok(());
                self.function.update(|lab| result = lab.restore(&route.state));
                result.map_err(|error| error.to_string())
            }
            Lab::Path => PathLab::decode(&route.state).map(|lab| self.path.set(lab)).map_err(|error| error.to_string()),
            Lab::Gates => {
                let mut result = Ok(());
                self.gates.update(|lab| result = lab.restore(&route.state));
                result.map_err(|error| error.to_string())
            }
            Lab::Backprop => {
                let mut result = Ok(());
                self.backprop.update(|lab| result = lab.restore(&route.state));
                result
            }
            Lab::Home | Lab::Train | Lab::Bench => Ok(()),
        };
        self.link_error.set(result.err());
    }
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
        let lab = route.read().lab;
        match labs.encode(lab) {
            Some(_) => write.update_value(|write| write(())),
            None => router::remember(lab, ""),
        }
    });
}

/// Why the address' state could not be shown, where it could not.
#[component]
pub(super) fn LinkError() -> impl IntoView {
    let labs = use_labs();
    move || {
        labs.link_error.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
    }
}

/// The visitor's choice of colours, kept in the browser; sets the document's attribute and the charts' theme.
fn theme_choice() -> RwSignal<Choice> {
    let choice = RwSignal::new(match browser::stored(THEME_KEY).as_deref() {
        Some("light") => Choice::Light,
        Some("dark") => Choice::Dark,
        _ => Choice::System,
    });
    let system_dark = RwSignal::new(browser::matches_media("(prefers-color-scheme: dark)"));
    if let Ok(Some(list)) = window().match_media("(prefers-color-scheme: dark)") {
        let on_change = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || {
            system_dark.set(browser::matches_media("(prefers-color-scheme: dark)"));
        });
        list.set_onchange(Some(wasm_bindgen::JsCast::unchecked_ref(on_change.as_ref())));
        // For as long as the page lives.
        on_change.forget();
    }
    let is_dark = Memo::new(move |_| match choice.get() {
        Choice::System => system_dark.get(),
        Choice::Light => false,
        Choice::Dark => true,
    });
    provide_context(ThemeContext(Signal::derive(move || if is_dark.get() { Theme::DARK } else { Theme::LIGHT })));
    Effect::new(move || {
        if let Some(root) = document().document_element() {
            let word = if is_dark.get() { "dark" } else { "light" };
            // An attribute of our own on an element that exists is never refused.
            drop(root.set_attribute("data-theme", word));
        }
    });
    choice
}

#[component]
fn ThemeSwitch(choice: RwSignal<Choice>) -> impl IntoView {
    let entry = move |value: Choice, word: &'static str, title: &'static str| {
        view! {
            <button
                type="button"
                class="quiet"
                title=title
                data-testid=format!("theme-{word}")
                aria-pressed=move || (choice.get() == value).to_string()
                on:click=move |_| {
                    choice.set(value);
                    browser::store(THEME_KEY, word);
                }
            >
                {match value {
                    Choice::System => "Auto",
                    Choice::Light => "Light",
                    Choice::Dark => "Dark",
                }}
            </button>
        }
    };
    view! {
        <div class="switch" role="group" aria-label="Colours">
            {entry(Choice::System, "system", "Colours as the system has them")}
            {entry(Choice::Light, "light", "Ink on paper")}
            {entry(Choice::Dark, "dark", "Light on dark")}
        </div>
    }
}
