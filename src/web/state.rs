//! The labs' states, and how the address holds them.

use leptos::prelude::*;

use super::router::{Lab, Route};
use crate::labs::backprop::BackpropLab;
use crate::labs::backprop::layers::LayerLab;
use crate::labs::backprop::question8::Question8;
use crate::labs::bench::BenchLab;
use crate::labs::function::FunctionLab;
use crate::labs::function::fit::FitRun;
use crate::labs::function::morph::Morph;
use crate::labs::function::network::NetworkLab;
use crate::labs::gates::boolean::BooleanLab;
use crate::labs::gates::{GateLab, GatesLab};
use crate::labs::history::History;
use crate::labs::path::PathLab;
use crate::labs::plane::PlaneLab;
use crate::labs::plane::run::PlaneRun;
use crate::labs::train::kept::KeptRuns;
use crate::labs::train::{Form, TrainLab};
use crate::plot::Window;

/// The labs' states. They live as long as the page, so that going to another lab loses nothing.
#[derive(Clone, Copy)]
pub(super) struct Labs {
    pub function: RwSignal<FunctionLab>,
    /// What a preset or a link last went over into what; none once it does not matter any more.
    pub leap: RwSignal<Option<Morph>>,
    pub function_history: RwSignal<History<NetworkLab>>,
    pub fit_run: RwSignal<FitRun>,
    pub path: RwSignal<PathLab>,
    pub path_history: RwSignal<History<PathLab>>,
    pub gates: RwSignal<GatesLab>,
    pub gate_history: RwSignal<History<GateLab>>,
    pub boolean_history: RwSignal<History<BooleanLab>>,
    pub plane: RwSignal<PlaneLab>,
    pub plane_history: RwSignal<History<PlaneLab>>,
    pub plane_run: RwSignal<PlaneRun>,
    /// The part of the plane that is shown instead of all.
    pub plane_window: RwSignal<Option<Window>>,
    /// Whether neurons' lines are drawn, and areas filled.
    pub plane_looks: RwSignal<(bool, bool)>,
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

/// The labs' states.
pub(super) fn use_labs() -> Labs {
    use_context().expect("App provides the labs")
}

impl Labs {
    /// As a visitor finds them.
    pub(super) fn new() -> Self {
        Self {
            function: RwSignal::default(),
            leap: RwSignal::new(None),
            function_history: RwSignal::new(History::new(NetworkLab::default())),
            fit_run: RwSignal::default(),
            path: RwSignal::default(),
            path_history: RwSignal::new(History::new(PathLab::default())),
            gates: RwSignal::default(),
            gate_history: RwSignal::new(History::new(GateLab::default())),
            boolean_history: RwSignal::new(History::new(BooleanLab::default())),
            plane: RwSignal::default(),
            plane_history: RwSignal::new(History::new(PlaneLab::default())),
            plane_run: RwSignal::default(),
            plane_window: RwSignal::new(None),
            plane_looks: RwSignal::new((true, true)),
            backprop: RwSignal::default(),
            question8_history: RwSignal::new(History::new(Question8::default().content())),
            layers_history: RwSignal::new(History::new(LayerLab::default())),
            link_error: RwSignal::new(None),
            train: RwSignal::default(),
            form: RwSignal::default(),
            kept: RwSignal::default(),
            bench: RwSignal::default(),
        }
    }

    /// Makes a change of the function lab's network that is seen to go over from one to the other.
    pub(super) fn leaping(&self, change: impl FnOnce(&Self)) {
        let network = || self.function.with_untracked(|lab| lab.network.clone());
        let before = network();
        change(self);
        self.leap.set(Morph::between(&before, &network()));
    }

    /// The state that the lab's address should hold, if it holds any.
    pub(super) fn encode(&self, lab: Lab) -> Option<String> {
        match lab {
            Lab::Function => Some(self.function.read().encode()),
            Lab::Path => Some(self.path.read().encode()),
            Lab::Gates => Some(self.gates.read().encode()),
            Lab::Plane => Some(self.plane.read().encode()),
            Lab::Backprop => Some(self.backprop.read().encode()),
            Lab::Train => Some(self.form.read().encode()),
            Lab::Home | Lab::Story | Lab::Bench | Lab::Notebook => None,
        }
    }

    /// Takes over the address' state, if it holds one that is not on screen already.
    pub(super) fn restore(&self, route: &Route) {
        self.link_error.set(None);
        if route.state.is_empty() || untrack(|| self.encode(route.lab)).is_none_or(|state| state == route.state) {
            return;
        }
        let result = match route.lab {
            Lab::Function => {
                let mut result = Ok(());
                self.leaping(|labs| labs.function.update(|lab| result = lab.restore(&route.state)));
                result.map_err(|error| error.to_string())
            }
            Lab::Path => PathLab::decode(&route.state).map(|lab| self.path.set(lab)).map_err(|error| error.to_string()),
            Lab::Gates => {
                let mut result = Ok(());
                self.gates.update(|lab| result = lab.restore(&route.state));
                result.map_err(|error| error.to_string())
            }
            Lab::Plane => {
                PlaneLab::decode(&route.state).map(|lab| self.plane.set(lab)).map_err(|error| error.to_string())
            }
            Lab::Backprop => {
                let mut result = Ok(());
                self.backprop.update(|lab| result = lab.restore(&route.state));
                result
            }
            Lab::Train if self.train.with_untracked(|train| train.status.has_run()) => {
                Err("A run is under way, so the link’s settings were not used. Open it again when the run has ended."
                    .into())
            }
            Lab::Train => Form::decode(&route.state).map(|form| self.form.set(form)).map_err(|error| error.to_string()),
            Lab::Home | Lab::Story | Lab::Bench | Lab::Notebook => Ok(()),
        };
        self.link_error.set(result.err());
    }
}
