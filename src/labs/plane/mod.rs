//! The plane lab: points with classes, and a network that learns to tell them apart, seen exactly at every step.

pub mod challenges;
pub mod csv;
pub mod data;
pub mod gate;
pub mod hidden;
pub mod look;
pub mod picture;
pub mod presets;
pub mod run;
pub mod words;

use data::{FAR, MAX_OWN, OwnPoint, Recipe, Shape};

use crate::data::base64;
use crate::labs::parameters::{LinkError, part};
use crate::train::plane::{LAYERS, MAX_CLASSES, Moment, Optimiser, PlaneProblem, WIDTHS};

/// Learning rates to choose from.
pub const RATES: [&str; 9] = ["0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3"];
/// Weight decays to choose from.
pub const DECAYS: [&str; 7] = ["0", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1"];
/// Batches to choose from; 0 is all points at once.
pub const BATCHES: [usize; 8] = [1, 2, 5, 10, 20, 50, 100, 0];
/// Numbers of points to choose from.
pub const COUNTS: [usize; 6] = [4, 20, 50, 100, 200, 500];
/// Noise to choose from, of 100.
pub const NOISES: [u32; 7] = [0, 5, 10, 20, 30, 50, 100];
/// Shares for validation to choose from, of 100.
pub const VALIDATIONS: [u32; 4] = [0, 20, 30, 50];

/// The settings. A run follows from them, whatever the page does meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneLab {
    /// The points.
    pub recipe: Recipe,
    /// Neurons of each hidden layer.
    pub hidden: Vec<usize>,
    /// How it is trained.
    pub optimiser: Optimiser,
    /// Of [`RATES`].
    pub rate: &'static str,
    /// Of [`DECAYS`].
    pub decay: &'static str,
    /// Of [`BATCHES`].
    pub batch: usize,
    /// Of the initial weights and the order of the points.
    pub seed: u64,
    /// Weights that a link brought, to start from in place of drawn ones.
    pub start: Option<Moment>,
}

/// The latest step that a link may be of.
const MAX_STEP: usize = 1_000_000_000;
/// Most weights that a link holds.
const MAX_LINKED: usize = 1_500;

impl Default for PlaneLab {
    fn default() -> Self {
        Self {
            recipe: Recipe::default(),
            hidden: vec![8, 8],
            optimiser: Optimiser::Adam,
            rate: "0.01",
            decay: "0",
            batch: 20,
            seed: 1,
            start: None,
        }
    }
}

/// In test hooks and addresses.
pub fn optimiser_word(optimiser: Optimiser) -> &'static str {
    match optimiser {
        Optimiser::Sgd => "sgd",
        Optimiser::Momentum => "momentum",
        Optimiser::Adam => "adam",
    }
}

/// All ways of training, with their names on screen.
pub const OPTIMISERS: [(Optimiser, &str); 3] =
    [(Optimiser::Sgd, "Gradient descent"), (Optimiser::Momentum, "With momentum 0.9"), (Optimiser::Adam, "Adam")];

impl PlaneLab {
    /// What the worker is to learn.
    pub fn problem(&self) -> PlaneProblem {
        let [training, validation] = self.recipe.points();
        let number = |text: &str| text.parse().unwrap_or_default();
        let batch = if self.batch == 0 { training.len().max(1) } else { self.batch };
        PlaneProblem {
            training,
            validation,
            classes: self.recipe.class_count(),
            hidden: self.hidden.clone(),
            optimiser: self.optimiser,
            rate: number(self.rate),
            decay: number(self.decay),
            batch,
            seed: self.seed,
            start: self.start().cloned(),
        }
    }

    /// Weights to start from in place of drawn ones: of another shape, they are of another network.
    pub fn start(&self) -> Option<&Moment> {
        self.start.as_ref().filter(|start| start.weights.len() == self.parameters())
    }

    /// Weights and biases of the network.
    pub fn parameters(&self) -> usize {
        let widths = [&[2], &self.hidden[..], &[self.recipe.class_count()]].concat();
        widths.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }

    /// Takes other hidden layers, as typed: widths with commas or spaces between.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn set_hidden(&mut self, text: &str) -> Result<(), String> {
        let parts = text.split([',', ' ', ';', '–', '-']).filter(|part| !part.is_empty());
        let width = |part: &str| part.parse().ok().filter(|width| WIDTHS.contains(width)).ok_or(part.to_owned());
        match parts.map(width).collect::<Result<Vec<usize>, String>>() {
            Err(part) => Err(format!(
                "“{part}” is no width: type {} to {} for each hidden layer, such as 8, 8.",
                WIDTHS.start(),
                WIDTHS.end()
            )),
            Ok(hidden) if !LAYERS.contains(&hidden.len()) => Err(format!(
                "There can be {} to {} hidden layers, not {}: type a width for each, such as 8, 8.",
                LAYERS.start(),
                LAYERS.end(),
                hidden.len()
            )),
            Ok(hidden) => {
                self.hidden = hidden;
                Ok(())
            }
        }
    }

    /// The hidden layers as they are typed.
    pub fn hidden_text(&self) -> String {
        self.hidden.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Takes other points.
    pub fn set_shape(&mut self, shape: Shape) {
        if shape == Shape::Own && self.recipe.shape != Shape::Own {
            self.make_own();
        }
        self.recipe.shape = shape;
    }

    /// Puts a point where one was pressed, or takes away those within a distance.
    pub fn paint(&mut self, at: (f64, f64), class: Option<u8>, reach: f64) {
        if self.recipe.shape != Shape::Own {
            self.make_own();
            self.recipe.shape = Shape::Own;
        }
        let place = |x: f64| (x * data::UNIT).round().clamp(-f64::from(FAR), f64::from(FAR)) as i32;
        let at = [place(at.0), place(at.1)];
        let own = &mut self.recipe.own;
        match class {
            None => own.retain(|point| {
                let [dx, dy] = [0, 1].map(|axis| f64::from(point.at[axis] - at[axis]) / data::UNIT);
                dx.hypot(dy) > reach
            }),
            Some(class) if own.len() < MAX_OWN => own.push(OwnPoint { at, class }),
            Some(_) => {}
        }
    }

    /// Takes another number of classes; points put there by hand of classes that there are no more go.
    pub fn set_classes(&mut self, classes: usize) {
        self.recipe.classes = classes;
        self.recipe.own.retain(|point| usize::from(point.class) < classes);
    }

    /// The points as text.
    pub fn points_text(&self) -> String {
        if self.recipe.shape == Shape::Own { csv::write(&self.recipe.own) } else { csv::write(&self.recipe.made()) }
    }

    /// Takes points from text.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn set_points_text(&mut self, text: &str) -> Result<(), String> {
        let (own, classes) = csv::read(text)?;
        (self.recipe.own, self.recipe.classes, self.recipe.shape) = (own, classes, Shape::Own);
        Ok(())
    }

    /// The points of the rule become points of one's own.
    fn make_own(&mut self) {
        let classes = self.recipe.class_count();
        self.recipe.own = self.recipe.made();
        self.recipe.classes = classes;
    }

    /// As text for an address.
    pub fn encode(&self) -> String {
        let Recipe { shape, classes, count, noise, validation, seed, own } = &self.recipe;
        let hidden: Vec<String> = self.hidden.iter().map(usize::to_string).collect();
        let mut text = format!(
            "data={}&classes={classes}&n={count}&noise={noise}&validation={validation}&draw={seed}&net={}&by={}&rate={}&decay={}&batch={}&seed={}",
            shape.word(),
            hidden.join(","),
            optimiser_word(self.optimiser),
            self.rate,
            self.decay,
            self.batch,
            self.seed
        );
        if *shape == Shape::Own {
            let points = own.iter().map(|point| format!("{},{},{}", point.at[0], point.at[1], point.class));
            text += &format!("&points={}", points.collect::<Vec<_>>().join(","));
        }
        if let Some(Moment { step, weights }) = self.start().filter(|start| start.weights.len() <= MAX_LINKED) {
            let bytes: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
            text += &format!("&step={step}&weights={}", base64::encode(&bytes));
        }
        text
    }

    /// The same with the weights of a moment, if they are few enough for an address.
    pub fn encode_with(&self, moment: Moment) -> String {
        Self { start: Some(moment), ..self.clone() }.encode()
    }

    /// What [`encode`](Self::encode) wrote; what is left out is as at the start.
    ///
    /// # Errors
    /// If a part is none of that.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        let mut lab = Self::default();
        let broken = |name: &str| LinkError::Shape(name.into());
        let number = |name: &str, usual: u64| {
            part(text, name).map_or(Ok(usual), |text| text.parse::<u64>().map_err(|_| broken(name)))
        };
        let of = |name: &str, list: &[&'static str], usual: &'static str| match part(text, name) {
            None => Ok(usual),
            Some(word) => list.iter().copied().find(|entry| *entry == word).ok_or_else(|| broken(name)),
        };
        let within = |name: &str, usual: usize, most: usize| match number(name, usual as u64) {
            Ok(number) if number <= most as u64 => Ok(number as usize),
            Ok(_) => Err(broken(name)),
            Err(error) => Err(error),
        };
        let words = Shape::ALL.map(Shape::word);
        let word = of("data", &words, lab.recipe.shape.word())?;
        lab.recipe.shape = Shape::ALL.into_iter().find(|shape| shape.word() == word).unwrap_or_default();
        lab.recipe.classes = within("classes", lab.recipe.classes, MAX_CLASSES)?;
        lab.recipe.count = within("n", lab.recipe.count, MAX_OWN)?;
        lab.recipe.noise = within("noise", lab.recipe.noise as usize, 100)? as u32;
        lab.recipe.validation = within("validation", lab.recipe.validation as usize, 90)? as u32;
        if lab.recipe.classes < 2 {
            return Err(broken("classes"));
        }
        if lab.recipe.count < 2 {
            return Err(broken("n"));
        }
        lab.recipe.seed = number("draw", lab.recipe.seed)?;
        if let Some(net) = part(text, "net") {
            lab.set_hidden(net).map_err(|_| broken("net"))?;
        }
        let by = of("by", &OPTIMISERS.map(|entry| optimiser_word(entry.0)), optimiser_word(lab.optimiser))?;
        let all = OPTIMISERS.iter().map(|entry| entry.0);
        lab.optimiser = all.into_iter().find(|optimiser| optimiser_word(*optimiser) == by).unwrap_or_default();
        lab.rate = of("rate", &RATES, lab.rate)?;
        lab.decay = of("decay", &DECAYS, lab.decay)?;
        lab.batch = within("batch", lab.batch, MAX_OWN)?;
        lab.seed = number("seed", lab.seed)?;
        if lab.recipe.shape == Shape::Own {
            lab.recipe.own = own_points(part(text, "points").unwrap_or_default(), lab.recipe.classes)
                .ok_or_else(|| broken("points"))?;
        }
        if let Some(text) = part(text, "weights") {
            let bytes = base64::decode(text).filter(|bytes| bytes.len() == 4 * lab.parameters());
            let bytes = bytes.ok_or_else(|| broken("weights"))?;
            let weights: Vec<f32> =
                bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
            if !weights.iter().all(|weight| weight.is_finite()) {
                return Err(broken("weights"));
            }
            lab.start = Some(Moment { step: within("step", 0, MAX_STEP)?, weights });
        }
        Ok(lab)
    }
}

/// Points as an address has them: x₁ and x₂ in thousandths, and the class.
fn own_points(text: &str, classes: usize) -> Option<Vec<OwnPoint>> {
    let numbers: Result<Vec<i32>, _> =
        text.split(',').filter(|part| !part.is_empty()).map(|part| part.parse::<i32>()).collect();
    let numbers = numbers.ok()?;
    let point = |three: &[i32]| {
        let [x, y, class] = three else { return None };
        let is_near = x.unsigned_abs() <= FAR as u32 && y.unsigned_abs() <= FAR as u32;
        let class = u8::try_from(*class).ok().filter(|class| usize::from(*class) < classes)?;
        is_near.then_some(OwnPoint { at: [*x, *y], class })
    };
    let points: Option<Vec<_>> = numbers.chunks(3).map(point).collect();
    points.filter(|points| points.len() <= MAX_OWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_brings_back_all_settings() {
        let mut lab = PlaneLab::default();
        assert_eq!(PlaneLab::decode(&lab.encode()), Ok(lab.clone()));
        assert_eq!(PlaneLab::decode(""), Ok(lab.clone()));
        lab.set_hidden("3, 5 7").expect("widths");
        lab.recipe = Recipe { shape: Shape::Spirals, classes: 3, noise: 20, seed: 9, ..lab.recipe };
        (lab.optimiser, lab.rate, lab.decay, lab.batch, lab.seed) = (Optimiser::Sgd, "0.3", "0.001", 0, u64::MAX);
        assert_eq!(PlaneLab::decode(&lab.encode()), Ok(lab.clone()));
        lab.paint((0.25, -0.5), Some(2), 0.0);
        assert_eq!(lab.recipe.own.len(), 201);
        assert_eq!(PlaneLab::decode(&lab.encode()), Ok(lab.clone()));
        assert_eq!(lab.problem().check(), Ok(()));
        // With weights, as long as the network has so many.
        let moment = Moment { step: 12, weights: vec![-0.1; lab.parameters()] };
        let linked = PlaneLab::decode(&lab.encode_with(moment.clone())).expect("a link");
        assert_eq!(linked, PlaneLab { start: Some(moment.clone()), ..lab.clone() });
        assert_eq!((linked.problem().check(), linked.problem().start), (Ok(()), Some(moment.clone())));
        assert_eq!(PlaneLab { hidden: vec![2], ..linked }.problem().start, None);
        let infinite = Moment { step: 0, weights: vec![f32::INFINITY; lab.parameters()] };
        assert!(PlaneLab::decode(&lab.encode_with(infinite)).is_err());
    }

    #[test]
    fn a_link_that_is_broken_says_which_part() {
        for (text, name) in [
            ("data=squares", "data"),
            ("classes=1", "classes"),
            ("classes=9", "classes"),
            ("n=1", "n"),
            ("noise=x", "noise"),
            ("net=0", "net"),
            ("net=1,1,1,1,1,1,1", "net"),
            ("by=luck", "by"),
            ("rate=7", "rate"),
            ("data=own&points=1,2", "points"),
            ("data=own&points=1,2,5", "points"),
            ("data=own&points=1,99999,0", "points"),
            ("net=1&weights=AAAA", "weights"),
            ("net=1&weights=?", "weights"),
        ] {
            assert_eq!(PlaneLab::decode(text), Err(LinkError::Shape(name.into())), "{text}");
        }
    }

    #[test]
    fn widths_are_refused_with_a_sentence() {
        let mut lab = PlaneLab::default();
        for text in ["", "0", "33", "8, x", "1 1 1 1 1 1 1"] {
            let message = lab.set_hidden(text).expect_err(text);
            assert!(message.ends_with("such as 8, 8."), "{message}");
        }
        assert_eq!(lab.hidden, [8, 8]);
    }

    #[test]
    fn points_are_put_and_taken_away_by_hand() {
        let mut lab = PlaneLab::default();
        lab.recipe.count = 20;
        lab.paint((0.5, 0.5), Some(1), 0.1);
        assert_eq!((lab.recipe.shape, lab.recipe.own.len()), (Shape::Own, 21));
        assert_eq!(lab.recipe.own[20], OwnPoint { at: [500, 500], class: 1 });
        lab.paint((0.5, 0.5), None, 10.0);
        assert!(lab.recipe.own.is_empty());
        assert!(lab.problem().check().is_err(), "there is nothing to learn");
    }
}
