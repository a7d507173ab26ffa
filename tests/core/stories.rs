//! The stories: each can be read, each state is one of its lab, and each check tells before from after.

use piecewise::labs::backprop::{BackpropLab, Part};
use piecewise::labs::function::FunctionLab;
use piecewise::labs::function::presets::largest;
use piecewise::labs::gates::GatesLab;
use piecewise::labs::parameters::Place;
use piecewise::labs::path::PathLab;
use piecewise::labs::stories::{Ask, Block, Check, LabName, Progress, Scene, Story, TEXTS, World, all, find, parse};
use piecewise::labs::train::TrainLab;
use piecewise::protocol::Event;
use piecewise::train::{Config, EpochRecord};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A state that does what a step, counted from 1, asks: what stands in the lab's address.
const SOLUTIONS: [(&str, usize, &str); 29] = [
    ("1", 3, "function?W1=1,1,1,1,1,1&b1=0,0,0,0,0,0&W2=1,1,1,1,1,1&b2=0&x=-5,5"),
    ("2", 3, "function?W1=1,1,1,1&b1=0,0,0,0&W2=1,1,1,1,1,1,1,1&b2=0,0&W3=1,1&b3=0&x=-5,5"),
    ("3", 1, "function?W1=1&b1=-1&W2=-2&b2=-1&x=-5,5"),
    ("3", 2, "function?W1=1,1&b1=0,-1&W2=1,-2&b2=0&x=-5,5"),
    ("3", 4, "function?W1=1,1&b1=0,-2&W2=2,-1&b2=0&x=-5,5"),
    ("4a", 3, "function?W1=5,5&b1=0,-0.01&W2=100,-100&b2=0&x=-5,5"),
    ("4b", 3, "function?W1=1,1&b1=0,-2&W2=1,-1&b2=0&x=-5,5"),
    ("4c", 1, "function?W1=1,-1&b1=0,0&W2=1,-1&b2=0&x=-5,5"),
    ("4c", 4, "function?W1=2,4&b1=0,-2&W2=2,-2,4,-4&b2=0,-2&W3=2,-2,4,-4&b3=0,-2&W4=1,-1&b4=0&x=0,1"),
    ("4d", 1, "function?W1=1,1,-1&b1=2,-1,-3&W2=1,-2,1&b2=-1&x=-5,5&activation=tanh"),
    ("4d", 3, "function?W1=1&b1=0&W2=1&b2=0&x=-5,5&activation=tanh&view=derivative"),
    ("5", 1, "function?W1=2,-2&b1=0,0&W2=1,-1&b2=0&x=-5,5&biases=off"),
    ("5", 2, "function?W1=1,-1&b1=0,0&W2=1,2&b2=0&x=-5,5&biases=off"),
    ("5", 5, "function?W1=2,-1&b1=0,0&W2=-1,-2&b2=0&x=-5,5&biases=off"),
    ("5", 6, "function?W1=1,-2&b1=0,0&W2=1,1&b2=0&x=-5,5&biases=off"),
    ("6", 1, "path?W1=-1,-1&b1=0,-1&W2=1,-1&b2=0&to.W1=2,2&to.b1=0,-1&to.W2=1,-1&to.b2=0&x=1"),
    ("6", 4, "path?W1=-1,-1&b1=0,-1&W2=1,-1&b2=0&to.W1=3,3&to.b1=0,-1&to.W2=1,-1&to.b2=0&x=1"),
    ("7", 1, "gates?gate=or&table=000000000&W1=1,0,0,1&b1=0,0&W2=1,2&b2=0"),
    ("7", 3, "gates?gate=and&table=000000000&W1=1,0,0,1&b1=0,0&W2=1,0,1,-1&b2=0,0&W3=1,-1&b3=0"),
    (
        "7",
        4,
        "gates?gate=xor&table=000000000&W1=1,0,-1,0,0,1,0,-1&b1=0,0,0,0&W2=0,1,0,0,0,1,-1,0,1,0,0,0,1,0,0,-1&b2=0,0,0,0&W3=1,-1,1,-1&b3=0",
    ),
    ("7", 5, "gates?expression=a nand (b nand c)"),
    ("7", 6, "gates?gate=xor&table=000000000&W1=-1,0,0,-1,-1,-1&b1=0,0,0&W2=1,1,-1&b2=0"),
    ("8", 5, "backprop?d=2&seed=2&theta=0&W=1,-1,0,1&x=1,1"),
    ("8", 6, "backprop?d=1&seed=2&theta=0&W=-0.5&x=-1"),
    ("10", 2, "backprop?part=layers&layer=linear&mistake=wrong-axis&seed=1"),
    ("10", 3, "backprop?part=layers&layer=relu&mistake=none&seed=1"),
    ("10", 4, "backprop?part=layers&layer=cross-entropy&mistake=none&seed=1"),
    // Planted by what follows, since an address holds neither what is too long nor what is hidden.
    ("4c", 6, MOST_PIECES),
    ("10", 5, HIDDEN_MISTAKE),
];

const MOST_PIECES: &str = "the button’s network, and then something of one’s own";
const HIDDEN_MISTAKE: &str = "a hidden mistake, found";

/// The scene of a solution.
fn planted(solution: &str) -> Scene {
    match solution {
        MOST_PIECES => {
            let mut lab = largest(&[3, 3]).unwrap();
            lab.set(Place { layer: 2, row: 0, column: None }, 1.into());
            Scene::read(&format!("function?{}", lab.encode())).unwrap()
        }
        HIDDEN_MISTAKE => {
            let mut lab = BackpropLab { part: Part::Layers, ..BackpropLab::default() };
            lab.layers.hide_mistake(7);
            lab.layers.guess = lab.layers.mystery.unwrap();
            Scene::Backprop(Box::new(lab))
        }
        address => Scene::read(address).unwrap(),
    }
}

/// The labs that a visitor has while a story is told.
#[derive(Default)]
struct Labs {
    function: FunctionLab,
    path: PathLab,
    gates: GatesLab,
    backprop: BackpropLab,
    train: TrainLab,
}

impl Labs {
    fn put(&mut self, scene: &Scene) {
        match scene {
            Scene::Function(lab) => self.function = (**lab).clone(),
            Scene::Path(lab) => self.path = (**lab).clone(),
            Scene::Gates(lab) => self.gates = (**lab).clone(),
            Scene::Backprop(lab) => self.backprop = (**lab).clone(),
            Scene::Train(_) => {}
        }
    }

    fn meet(&self, check: &Check) -> bool {
        let Self { function, path, gates, backprop, train } = self;
        check.begin(World { function, path, gates, backprop, train }).finish()
    }
}

/// What a step asks to be brought about, if it does.
fn check_of(story: &Story, step: usize) -> Option<Check> {
    match &story.steps[step].ask {
        Ask::Do { check, .. } => Some(check.clone()),
        Ask::Challenge(challenge) => Some(Check::Challenge(challenge)),
        Ask::Nothing | Ask::Predict { .. } | Ask::Choose { .. } => None,
    }
}

#[test]
fn every_text_is_a_story() {
    for (name, text) in TEXTS {
        if let Err(error) = parse(name, text) {
            panic!("{error}");
        }
    }
    assert_eq!(all().len(), TEXTS.len());
    assert!(TEXTS.iter().all(|(name, _)| find(name).is_some()));
    assert_eq!(find("attic"), None);
}

#[test]
fn every_story_is_short_and_ends_with_something_to_do() {
    for story in all() {
        let steps = story.steps.len();
        assert!((3..=7).contains(&steps), "{}: {steps} steps", story.name);
        assert_ne!(story.steps[steps - 1].ask, Ask::Nothing, "{}", story.name);
        let asking = story.steps.iter().filter(|step| step.ask != Ask::Nothing).count();
        assert!(asking * 2 >= steps, "{}: only {asking} of {steps} steps ask", story.name);
        let words = words(story);
        assert!((150..=450).contains(&words), "{}: {words} words", story.name);
    }
}

/// Words of the text that is read at once: without programs, and without what a wrong answer is told.
fn words(story: &Story) -> usize {
    let count = |html: &str| {
        let mut is_tag = false;
        let text: String = html
            .chars()
            .filter_map(|c| {
                match c {
                    '<' => is_tag = true,
                    '>' => is_tag = false,
                    c if !is_tag => return Some(c),
                    _ => {}
                }
                None
            })
            .collect();
        text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
    };
    let of_block = |block: &Block| match block {
        Block::Paragraph(html) => count(html),
        Block::List(points) => points.iter().map(|point| count(point)).sum(),
        Block::Formula(_) | Block::Code(..) | Block::Part(_) => 0,
    };
    let of_ask = |ask: &Ask| match ask {
        Ask::Do { task, .. } => count(task),
        Ask::Predict { question, .. } => count(question),
        Ask::Choose { question, answers } => {
            count(question) + answers.iter().map(|answer| count(&answer.words)).sum::<usize>()
        }
        Ask::Nothing | Ask::Challenge(_) => 0,
    };
    let of_step = |step: &piecewise::labs::stories::Step| {
        step.blocks.iter().map(of_block).sum::<usize>() + of_ask(&step.ask) + step.after.as_deref().map_or(0, count)
    };
    story.steps.iter().map(of_step).sum()
}

#[test]
fn each_check_is_not_met_at_its_start_and_is_met_by_a_solution() {
    let mut left = SOLUTIONS.to_vec();
    for story in all() {
        for step in 0..story.steps.len() {
            let Some(check) = check_of(story, step).filter(|check| check.lab() != LabName::Train) else { continue };
            let at = format!("{}, step {}", story.name, step + 1);
            let mut labs = Labs::default();
            labs.put(story.scene_at(step).unwrap());
            assert_eq!(story.lab_at(step), check.lab(), "{at}");
            assert!(!labs.meet(&check), "{at} is met before anything is done");
            let index = left.iter().position(|&(name, number, _)| (name, number) == (story.name, step + 1));
            let (.., solution) = left.remove(index.unwrap_or_else(|| panic!("{at} has no planted solution")));
            labs.put(&planted(solution));
            assert!(labs.meet(&check), "{at} is not met by its solution");
        }
    }
    assert_eq!(left, [], "solutions of no step");
}

#[test]
fn training_is_noticed_once_an_epoch_is_measured() {
    let plain = Config::default();
    let mut cropped = plain.clone();
    cropped.augment.crop = true;
    let meet = |check: &str, config: &Config, epochs: usize| {
        let mut labs = Labs::default();
        let run = labs.train.new_run();
        labs.train.apply(Event::Started { run, config: config.clone(), steps_per_epoch: 2 });
        for epoch in 0..=epochs {
            let record = EpochRecord { epoch, step: 2 * epoch, train_accuracy: 0.1, validation_accuracy: None };
            labs.train.apply(Event::Epoch { run, record, memory_bytes: 0 });
        }
        labs.meet(&Check::read(check).unwrap())
    };
    assert!(!Labs::default().meet(&Check::read("epochs >= 1").unwrap()));
    assert_eq!([0, 1, 2].map(|epochs| meet("epochs >= 1", &plain, epochs)), [false, true, true]);
    assert!(!meet("epochs >= 3", &plain, 2) && meet("epochs >= 3", &plain, 3));
    assert!(!meet("cropped", &plain, 1) && !meet("cropped", &cropped, 0) && meet("cropped", &cropped, 1));
    let training = all().iter().flat_map(|story| (0..story.steps.len()).filter_map(|step| check_of(story, step)));
    assert!(training.filter(|check| check.lab() == LabName::Train).all(|check| !Labs::default().meet(&check)));
}

#[test]
fn a_prediction_is_about_what_is_then_shown_and_not_before() {
    for story in all() {
        for (step, told) in story.steps.iter().enumerate() {
            let Ask::Predict { quantity, then, .. } = &told.ask else { continue };
            let truth = quantity.of(then).unwrap();
            let before = story.scene_at(step).unwrap();
            assert_ne!(quantity.of(before), Some(truth), "{}, step {}: the lab says it", story.name, step + 1);
        }
    }
}

#[test]
fn a_step_without_a_scene_goes_on_where_the_last_ended() {
    let story = parse(
        "t",
        "title: T\nquestion: 1\nabout: A\n\n== One\nlab: path\n\n== Two\npredict: kinks | How many?\nthen: function\n\n== Three\nWords.",
    )
    .unwrap();
    assert_eq!([0, 1, 2].map(|step| story.lab_at(step)), [LabName::Path, LabName::Path, LabName::Function]);
    assert_eq!(story.address(2), "story/t/3");
}

#[test]
fn progress_survives_being_kept() {
    let story = &all()[0];
    let mut progress = Progress::default();
    assert_eq!((progress.count(story), progress.next(story)), (0, 0));
    assert!(progress.add(story, 0) && progress.add(story, 2) && !progress.add(story, 2));
    let kept = Progress::decode(&progress.encode());
    assert_eq!(kept, progress);
    assert_eq!((kept.count(story), kept.next(story)), (2, 1));
    assert!(!kept.has(&all()[1], 0));
    assert_eq!(Progress::decode("what:ever,1:x.1").count(story), 1);
}
