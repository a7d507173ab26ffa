use piecewise::data::{Purpose, rng};
use piecewise::labs::bench::{BenchLab, Task, place};
use piecewise::labs::formula;
use piecewise::labs::function::fit::{FitLab, FitRun};
use piecewise::labs::function::network::{Activation, NetworkLab};
use piecewise::labs::notation::Notation;
use piecewise::labs::parameters::{LinkError, Parameters, Place};
use piecewise::labs::path::PathLab;
use piecewise::labs::train::{Form, Status, TrainLab};
use piecewise::nn::Init;
use piecewise::piecewise::{Decimal, Rational, Verdict};
use piecewise::protocol::{
    About, DataSummary, EndReason, Event, GrowthPoint, Host, Over, Progress, RateRow, Source, Speeds, VERSION,
};
use piecewise::train::{Config, EpochRecord, Field, Subset};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn a_link_restores_the_network_exactly() {
    let mut rng = rng(4, Purpose::Init, 0);
    for _ in 0..200 {
        let mut lab = NetworkLab::default();
        lab.set_hidden(&[rng.random_range(1..=16)]);
        for place in lab.parameters().places() {
            lab.set(place, Decimal::new(rng.random_range(-9_000_000_000_i64..9_000_000_000), 9).unwrap());
        }
        lab.set_x_range(decimal("-0.000001"), decimal("123456")).unwrap();
        assert_eq!(NetworkLab::decode(&lab.encode()), Ok(lab));
    }
    assert_eq!(NetworkLab::decode(""), Ok(NetworkLab::default()));
}

#[test]
fn a_broken_link_is_explained() {
    let good = "W1=1,-1&b1=0,0&W2=1,1&b2=0&x=-5,5";
    assert!(NetworkLab::decode(good).is_ok());
    for (from, to, expected) in [
        ("W1=1,-1", "W1=1", "W1"),
        ("W2=1,1", "W2=1,1,1", "W2"),
        ("&b2=0", "", "b2"),
        ("b2=0", "b2=0,0", "b2"),
        ("x=-5,5", "x=-5", "x"),
    ] {
        assert_eq!(NetworkLab::decode(&good.replace(from, to)), Err(LinkError::Shape(expected.into())), "{to}");
    }
    assert!(matches!(NetworkLab::decode(&good.replace("-1", "NaN")), Err(LinkError::Number(name, _)) if name == "W1"));
    assert_eq!(NetworkLab::decode(&good.replace("-5,5", "5,-5")), Err(LinkError::Interval));
    let wide = vec!["1"; 17].join(",");
    let too_wide = format!("W1={wide}&b1={wide}&W2={wide}&b2=0&x=-5,5");
    assert!(matches!(NetworkLab::decode(&too_wide), Err(LinkError::Shape(_))));
    let mut rng = rng(5, Purpose::Init, 0);
    for _ in 0..2000 {
        // Whatever is done to a link, it is a network or an error.
        let mut bytes = good.as_bytes().to_vec();
        let at = rng.random_range(0..bytes.len());
        bytes[at] = b"0-=&,xW1e."[rng.random_range(0..10)];
        drop(NetworkLab::decode(std::str::from_utf8(&bytes).unwrap()));
    }
}

#[test]
fn a_changed_width_keeps_the_neurons_that_stay() {
    let mut lab = NetworkLab::default();
    let before = lab.clone();
    lab.set_hidden(&[16]);
    assert_eq!((lab.hidden()[0], lab.parameters().places().len()), (16, 49));
    lab.set_hidden(&[3]);
    assert_eq!(lab, before);
    lab.set_hidden(&[0]);
    assert_eq!(lab.hidden()[0], 1);
    lab.set_hidden(&[99]);
    assert_eq!(lab.hidden()[0], 16);
    assert_eq!(lab.answers().relu().unwrap().pieces.kinks().len(), 16, "new neurons bend at different places");
}

#[test]
fn places_that_are_not_there_are_left_alone() {
    let mut lab = NetworkLab::default();
    let before = lab.clone();
    for place in [
        Place { layer: 9, row: 0, column: None },
        Place { layer: 0, row: 3, column: Some(0) },
        Place { layer: 0, row: 0, column: Some(1) },
        Place { layer: 1, row: 1, column: None },
    ] {
        assert_eq!(lab.parameters().get(place), None);
        lab.set(place, decimal("5"));
    }
    assert_eq!(lab, before);
    assert_eq!(Place { layer: 0, row: 1, column: Some(0) }.to_string(), "W1-1-0");
    assert_eq!(Place { layer: 1, row: 0, column: None }.to_string(), "b2-0");
}

#[test]
fn answers_are_those_of_the_decimals_shown() {
    let lab = NetworkLab::decode("W1=1,1&b1=-0.5,-0.500000001&W2=1,-1&b2=0&x=-5,5").unwrap();
    let answers = lab.answers();
    let answers = answers.relu().unwrap();
    assert_eq!(answers.pieces.kinks().len(), 2);
    assert_eq!(answers.shape.verdict, Verdict::Neither);
    assert_eq!(lab.region_bound(), "3");
    let line = answers.polyline(&decimal("-5").to_rational(), &decimal("0.5").to_rational());
    assert_eq!(line, [(-5.0, 0.0), (0.5, 0.0)], "a kink at the edge is the edge");
}

#[test]
fn fractions_in_a_link_are_exact_and_stay_as_they_were_typed() {
    let text = "W1=1/6,-82/29&b1=0,-1&W2=1,-1/3&b2=1/2&x=-5/3,5";
    let lab = NetworkLab::decode(text).unwrap();
    assert_eq!(lab.encode(), text);
    let answers = lab.answers();
    let kinks = answers.relu().unwrap().pieces.kinks().to_vec();
    let q = |above: i64, below: i64| Rational::new(above.into(), below.into());
    assert_eq!(kinks.iter().map(|kink| kink.x.clone()).collect::<Vec<_>>(), [q(-29, 82), q(0, 1)]);
    assert_eq!(lab.net().eval(&q(-1, 1)), q(1, 2) - q(1, 3) * (q(82, 29) - q(1, 1)));
    let mathml = numeric(Notation::MathMl, &lab);
    assert!(mathml.contains("<mfrac><mn>82</mn><mn>29</mn></mfrac>"), "{mathml}");
    assert!(matches!(NetworkLab::decode(&text.replace("1/6", "1/0")), Err(LinkError::Number(name, _)) if name == "W1"));
}

#[test]
fn a_half_that_becomes_0_5_does_not_move_along_a_path() {
    let ends = [("1/2", "1/3"), ("0.5", "1/4")].map(|(first, second)| {
        Parameters::decode(&format!("W1={first},1&b1=0,0&W2={second},1&b2=0"), 1, 2..=2, 1..=4).unwrap()
    });
    let [from, to] = ends;
    assert_eq!(PathLab::of(from, to).moving_layers().into_iter().collect::<Vec<_>>(), [1]);
}

fn numeric(notation: Notation, lab: &NetworkLab) -> String {
    formula::numeric(notation, &lab.effective(), lab.activation, lab.biases).unwrap()
}

#[test]
fn formulas_are_copied_as_latex_with_symbols_and_with_numbers() {
    let lab = NetworkLab::decode("W1=1,-5/2&b1=0,1&W2=1,-1/3&b2=-0.5&x=-5,5").unwrap();
    assert_eq!(
        numeric(Notation::Latex, &lab),
        "\\[ f(x) = \\operatorname{ReLU}(x) - \\tfrac{1}{3}\\,\\operatorname{ReLU}(-\\tfrac{5}{2}\\,x + 1) - 0.5 \\]\n"
    );
    let mut tanh = lab;
    tanh.activation = Activation::Tanh;
    assert!(numeric(Notation::Latex, &tanh).contains("\\tanh(x)"));
    let symbols =
        |hidden: &[usize], biases| formula::symbolic_with_shapes(Notation::Latex, 1, hidden, Activation::Relu, biases);
    assert_eq!(
        symbols(&[3], true),
        "\\[ f(x) = W_{2}\\,\\operatorname{ReLU}(W_{1}\\,x + b_{1}) + b_{2} \\]\n\\[ W_{1} \\in \\mathbb{R}^{3 \\times 1}, b_{1} \\in \\mathbb{R}^{3}, W_{2} \\in \\mathbb{R}^{1 \\times 3}, b_{2} \\in \\mathbb{R} \\]\n"
    );
    assert!(!symbols(&[2, 2], false).contains("b_"));
    let general = formula::general_latex(Activation::Relu, true);
    for part in [
        "W_{l}\\,",
        "W_{l-1}\\,",
        "\\cdots",
        "b_{l}",
        "W_{1} \\in \\mathbb{R}^{k \\times 1}",
        "W_{l} \\in \\mathbb{R}^{1 \\times k}",
    ] {
        assert!(general.contains(part), "{part} in {general}");
    }
    let deep = NetworkLab::decode("W1=1,-2&b1=0,1&W2=1,1/3,0,-1&b2=1,2&W3=1,-1&b3=0&x=-5,5").unwrap();
    let latex = numeric(Notation::Latex, &deep);
    assert!(latex.contains("\\begin{pmatrix} 1 & \\tfrac{1}{3} \\\\ 0 & -1 \\end{pmatrix}"), "{latex}");
}

#[test]
fn formulas_are_well_formed_and_leave_out_what_adds_nothing() {
    let lab = NetworkLab::decode("W1=1,-2.5,0,3&b1=0,1,0,-1&W2=1,-1,7,0&b2=0&x=-5,5").unwrap();
    let text = |mathml: &str| {
        let mut text = String::new();
        let mut inside = false;
        for c in mathml.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        text
    };
    assert_eq!(text(&numeric(Notation::MathMl, &lab)), "f(x)=ReLU(x)−ReLU(−2.5x+1)");
    let zero = NetworkLab::decode("W1=0&b1=0&W2=0&b2=0&x=-5,5").unwrap();
    assert_eq!(text(&numeric(Notation::MathMl, &zero)), "f(x)=0");
    let three = formula::symbolic(Notation::MathMl, 3, Activation::Relu, true);
    assert_eq!(text(&three), "f(x)=W3ReLU(W2ReLU(W1x+b1)+b2)+b3");
    let deep = NetworkLab::decode("W1=1,-2&b1=0,1&W2=1,1/3,0,-1&b2=1,2&W3=1,-1&b3=0&x=-5,5").unwrap();
    let gate = Parameters::decode("W1=1,-0.5,0,0&b1=0,-1&W2=1,-3&b2=-1/7", 2, 2..=2, 1..=2).unwrap();
    let plane = formula::numeric(Notation::MathMl, &gate, Activation::Relu, true).unwrap();
    assert_eq!(text(&plane), "f(x1,x2)=ReLU(x1−0.5x2)−3ReLU(−1)−17");
    let shapes = formula::layer_shapes(Notation::MathMl, 1, &[3], true).concat();
    assert_eq!(text(&shapes), "W1∈ℝ3×1,b1∈ℝ3W2∈ℝ1×3,b2∈ℝ");
    for mathml in [numeric(Notation::MathMl, &lab), numeric(Notation::MathMl, &deep), plane, shapes, three] {
        for tag in ["math", "mrow", "mi", "mo", "mn", "msub", "msup", "mfrac", "mtable", "mtr", "mtd", "mspace"] {
            let open = mathml.matches(&format!("<{tag}>")).count() + mathml.matches(&format!("<{tag} ")).count();
            assert_eq!(open, mathml.matches(&format!("</{tag}>")).count(), "{tag} in {mathml}");
        }
    }
}

#[test]
fn the_form_is_read_as_people_write() {
    let form =
        Form { hidden: " 64; 32,16 ".into(), learning_rate: "0,1".into(), epochs: "1 000".into(), ..Form::default() };
    let config = form.parse().unwrap();
    assert_eq!((config.hidden, config.learning_rate, config.epochs), (vec![64, 32, 16], 0.1, 1000));
    assert_eq!(Form::default().parse(), Ok(Config::default()));
    assert_eq!(Form { hidden: String::new(), ..Form::default() }.parse().unwrap().hidden, [0_usize; 0]);
    for (subset, held_out) in [(Subset::All, 0), (Subset::First(500), 50), (Subset::PerClass(50), 1000)] {
        let config = Config { subset, held_out, ..Config::default() };
        assert_eq!(Form::from(&config).parse(), Ok(config));
    }
    let form = Form { subset: "50 per class".into(), held_out: " 1,000 ".into(), ..Form::default() };
    let config = form.parse().unwrap();
    assert_eq!((config.subset, config.held_out), (Subset::PerClass(50), 1000));
    let config = Config { hidden: vec![7], init: Init::Homework, ..Config::default() };
    assert_eq!(Form::from(&config).parse(), Ok(config));
}

#[test]
fn a_wrong_form_names_its_field() {
    let with = |change: fn(&mut Form)| {
        let mut form = Form::default();
        change(&mut form);
        form.parse().unwrap_err().about
    };
    assert_eq!(with(|f| f.hidden = "5,x".into()), About::Setting(Field::Hidden));
    assert_eq!(with(|f| f.hidden = "99999999999999999999".into()), About::Setting(Field::Hidden));
    assert_eq!(with(|f| f.learning_rate = "NaN".into()), About::Setting(Field::LearningRate));
    assert_eq!(with(|f| f.learning_rate = String::new()), About::Setting(Field::LearningRate));
    assert_eq!(with(|f| f.batch_size = "0".into()), About::Setting(Field::BatchSize));
    assert_eq!(with(|f| f.epochs = "18446744073709551615".into()), About::Setting(Field::Epochs));
    assert_eq!(with(|f| f.seed = "-1".into()), About::Setting(Field::Seed));
    assert_eq!(with(|f| f.subset = "50 per image".into()), About::Setting(Field::Subset));
    assert_eq!(with(|f| f.subset = "0 per class".into()), About::Setting(Field::Subset));
    assert_eq!(with(|f| f.held_out = "a tenth".into()), About::Setting(Field::HeldOut));
}

fn data(train: usize) -> Event {
    Event::Data(DataSummary {
        train,
        validation: 10,
        source: Source::Files,
        sample_seed: None,
        official: None,
        batches: vec!["b".into()],
        class_names: vec![],
    })
}

fn progress(run: u32, losses: &[f32]) -> Event {
    Event::Progress(Progress {
        run,
        epoch: 0,
        step: 1,
        losses: losses.to_vec(),
        seconds: vec![0.25; losses.len()],
        done: 0.25,
        images_per_second: 100.0,
        seconds_left: Some(3.0),
        measuring: false,
    })
}

fn running() -> TrainLab {
    let mut lab = TrainLab::default();
    lab.apply(Event::Ready { version: VERSION, kernel: "k".into(), host: Host::default() });
    lab.start_loading();
    lab.apply(data(50));
    let run = lab.new_run();
    lab.apply(Event::Started { run, config: Config::default(), steps_per_epoch: 2 });
    lab
}

#[test]
fn runs_are_kept_side_by_side() {
    let mut lab = running();
    for id in 1..=8 {
        lab.apply(progress(id, &[2.0 / id as f32]));
        lab.apply(Event::Ended { run: id, reason: EndReason::Stopped });
        let run = lab.new_run();
        let config = Config { learning_rate: 0.01 * id as f32, ..Config::default() };
        lab.apply(Event::Started { run, config, steps_per_epoch: 2 });
    }
    let ids: Vec<_> = lab.runs().map(|run| run.id).collect();
    assert_eq!(ids, [4, 5, 6, 7, 8, 9], "the oldest gave way");
    let mut colours: Vec<_> = lab.runs().map(|run| run.colour).collect();
    colours.sort_unstable();
    assert_eq!(colours, [0, 1, 2, 3, 4, 5], "each has its own colour");
    assert_eq!(lab.past[1].losses, [0.4]);
    assert!(lab.past.iter().all(|run| !run.is_kept) && lab.run.as_ref().unwrap().is_kept);
    lab.run_mut(6).unwrap().name = "with a higher rate".into();
    lab.forget(5);
    lab.forget(9);
    let names: Vec<_> = lab.runs().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["run 4", "with a higher rate", "run 7", "run 8", "run 9"], "the last run stays");
    assert_eq!(lab.past[0].settings()[3], ("learning rate", "0.03".into()));
}

#[test]
fn the_page_follows_the_worker() {
    let mut lab = TrainLab::default();
    assert_eq!(lab.status, Status::Idle);
    lab.start_loading();
    lab.apply(Event::Loading { done: 1, total: 2, name: "b".into() });
    assert_eq!((lab.status, lab.loading.as_ref().unwrap().done), (Status::Loading, 1));
    lab.apply(data(50));
    assert_eq!((lab.status, lab.loading.is_none()), (Status::Ready, true));

    let mut lab = running();
    assert_eq!(lab.current_run(), Some(1));
    lab.apply(progress(1, &[2.0, 1.5]));
    lab.apply(Event::Paused { run: 1 });
    assert_eq!(lab.status, Status::Paused);
    lab.apply(Event::Resumed { run: 1 });
    let record = EpochRecord { epoch: 1, step: 2, train_accuracy: 0.5, validation_accuracy: None };
    lab.apply(Event::Epoch { run: 1, record: record.clone(), memory_bytes: 5 });
    lab.apply(Event::Ended { run: 1, reason: EndReason::Stopped });
    assert_eq!((lab.status, lab.current_run()), (Status::Finished, None));
    let run = lab.run.as_ref().unwrap();
    assert_eq!((&run.losses[..], run.last_record()), (&[2.0, 1.5][..], Some(&record)));
    assert_eq!(
        run.to_csv(),
        "step,epoch,seconds,loss,train_accuracy,validation_accuracy\n0,0,,,,\n1,0.5,0.25,2,,\n2,1,0.25,1.5,0.5,\n"
    );
}

#[test]
fn late_messages_about_an_old_run_do_nothing() {
    let mut lab = running();
    lab.apply(progress(1, &[2.0]));
    lab.apply(Event::Ended { run: 1, reason: EndReason::Stopped });
    let ended = lab.clone();
    lab.apply(progress(1, &[9.0]));
    lab.apply(Event::Paused { run: 1 });
    lab.apply(Event::Ended { run: 1, reason: EndReason::Finished });
    lab.apply(progress(0, &[9.0]));
    assert_eq!(lab, ended);
    assert_eq!(lab.new_run(), 2);
}

#[test]
fn problems_are_shown_and_nothing_is_lost() {
    let mut lab = running();
    lab.apply(progress(1, &[2.0]));
    lab.apply(Event::Ended { run: 1, reason: EndReason::Diverged { step: 9 } });
    assert_eq!(lab.run.as_ref().and_then(|run| run.diverged_at), Some(9), "where the curves mark it");
    assert_eq!((lab.status, lab.problem_field()), (Status::Failed, Some(Field::LearningRate)));
    assert!(lab.problem.as_ref().unwrap().message.contains("step 9"));

    let mut lab = running();
    lab.apply(progress(1, &[2.0]));
    lab.apply(Event::Crashed { message: "out of memory.".into() });
    assert_eq!(lab.status, Status::Failed);
    assert!(lab.problem.as_ref().unwrap().message.contains("out of memory."));
    assert_eq!(lab.run.as_ref().unwrap().losses, [2.0], "the curves stay");
    lab.apply(data(50));
    assert_eq!((lab.status, lab.data.train), (Status::Failed, 50), "the new worker got the data; the sentence stays");

    let mut lab = running();
    lab.apply(Event::Ended { run: 1, reason: EndReason::Finished });
    lab.start_loading();
    lab.apply(data(50));
    lab.apply(Event::Refused { about: About::Data, message: "No.".into() });
    assert_eq!((lab.status, lab.data.train), (Status::Ready, 50));
    assert_eq!(lab.problem.as_ref().unwrap().message, "No.");

    let mut lab = TrainLab::default();
    lab.apply(Event::Ready { version: VERSION + 1, kernel: "k".into(), host: Host::default() });
    assert_eq!(lab.status, Status::Failed);
}

#[test]
fn without_a_trainer_nothing_waits_for_ever() {
    let none = || Event::Unavailable { message: "There is no connection.".into() };
    let mut lab = TrainLab::default();
    assert_eq!(lab.status_text(), "Fetching the trainer");
    lab.start_loading();
    lab.apply(none());
    assert_eq!((lab.status, lab.loading.is_none(), lab.status_text().as_str()), (Status::Idle, true, "No trainer"));
    assert_eq!(lab.unavailable.as_deref(), Some("There is no connection."));
    // The next try: what was to be loaded is loaded by itself.
    lab.apply(Event::Ready { version: VERSION, kernel: "k".into(), host: Host::default() });
    assert_eq!((lab.unavailable.as_deref(), lab.status_text().as_str()), (None, "Waiting for data"));
    lab.apply(Event::Loading { done: 1, total: 2, name: "sample".into() });
    assert_eq!(lab.status, Status::Loading);
    lab.apply(data(50));
    assert_eq!(lab.status, Status::Ready);
    // A start that was asked for is given up.
    lab.new_run();
    assert!(!lab.can_start());
    lab.apply(none());
    assert!(lab.can_start());

    let mut fit = FitRun::default();
    fit.start(&FitLab::default());
    fit.apply(&none());
    assert!(!fit.is_running);
}

#[test]
fn a_refused_look_is_forgotten_once_one_succeeds_or_a_run_starts() {
    let refused = |about| Event::Refused { about, message: "No.".into() };
    let mut lab = running();
    lab.apply(refused(About::Look));
    assert!(lab.problem.is_some());
    lab.apply(Event::FirstLayer { run: 1, step: 0, images: Vec::new() });
    assert_eq!(lab.problem, None);
    lab.apply(refused(About::Data));
    lab.apply(Event::FirstLayer { run: 1, step: 0, images: Vec::new() });
    assert!(lab.problem.is_some(), "another problem stays");
    lab.apply(refused(About::Look));
    lab.apply(Event::Started { run: 2, config: Config::default(), steps_per_epoch: 2 });
    assert_eq!(lab.problem, None);
}

#[test]
fn an_empty_place_says_what_to_do_now() {
    let mut lab = TrainLab::default();
    assert!(lab.empty_text().contains("take the sample"));
    lab.start_loading();
    assert!(lab.empty_text().contains("being loaded"));
    lab.apply(data(50));
    assert_eq!(lab.empty_text(), "Curves appear here: press Start.");

    let mut bench = BenchLab::default();
    assert!(bench.empty_text().contains("Press Measure"));
    bench.start(Task::Speeds);
    assert!(bench.empty_text().contains("Warming up"));
    let rate = RateRow { name: "a".into(), unit: "MB/s".into(), best: 2.0, median: 1.0, share: None };
    let some = Speeds { products: Vec::new(), rates: vec![rate] };
    bench.apply(&Event::SpeedsSoFar(some.clone()));
    assert_eq!((bench.speeds, bench.running), (some, Some((0, 1))), "rows come while it measures");
}

#[test]
fn the_bench_page_ends_its_wait_whatever_comes() {
    for end in [
        Event::Bench(Speeds::default()),
        Event::Growth { points: vec![], is_over: true, problem: None },
        Event::Refused { about: About::Bench, message: "Busy.".into() },
        Event::Crashed { message: "Gone.".into() },
        Event::Unavailable { message: "None.".into() },
    ] {
        let mut bench = BenchLab::default();
        bench.start(Task::Growth);
        bench.apply(&Event::BenchProgress { done: 3, total: 9 });
        assert_eq!(bench.running, Some((3, 9)));
        bench.apply(&end);
        assert_eq!(bench.running, None);
        assert_eq!(bench.error.is_some(), matches!(end, Event::Refused { .. } | Event::Crashed { .. }));
    }
}

#[test]
fn growth_keeps_the_last_measurement_of_each_size_in_order() {
    let point =
        |over, at, best_ms| GrowthPoint { over, at, best_ms, median_ms: best_ms + 1.0, limit_ms: 0.5, images: 256 };
    let mut bench = BenchLab::default();
    bench.start(Task::Growth);
    let all = [
        point(Over::Workers, 2, 0.7),
        point(Over::Width, 128, 2.0),
        point(Over::Batch, 1, 1.0),
        point(Over::Width, 64, 1.5),
        point(Over::Workers, 1, 1.2),
    ];
    let problem = Some("A step with 3 workers could not be measured.".to_owned());
    bench.apply(&Event::Growth { points: all.to_vec(), is_over: false, problem: problem.clone() });
    assert!(bench.running.is_some(), "it goes on");
    assert_eq!(bench.error, problem);
    bench.start(Task::LargeGrowth);
    bench.apply(&Event::Growth { points: vec![point(Over::Width, 128, 3.0)], is_over: true, problem: None });
    assert_eq!((bench.running, &bench.error), (None, &None));
    let shown = |bench: &BenchLab| bench.shown().map(|point| (point.at, point.best_ms)).collect::<Vec<_>>();
    assert_eq!(shown(&bench), [(64, 1.5), (128, 3.0)]);
    bench.over = Over::Batch;
    assert_eq!(shown(&bench), [(1, 1.0)]);
    bench.over = Over::Workers;
    assert_eq!(shown(&bench), [(1, 1.2), (2, 0.7)]);
    let csv = bench.growth_csv();
    assert_eq!(csv.lines().count(), 6);
    assert!(csv.ends_with("batch,1,256,1,2,0.5\nworkers,1,256,1.2,2.2,0.5\nworkers,2,256,0.7,1.7,0.5\n"), "{csv}");
    let places = [place(Over::Width, 4096), place(Over::Batch, 1), place(Over::Workers, 1), place(Over::Workers, 2)];
    assert_eq!(places, ["width 4,096", "batch 1", "1 worker", "2 workers"]);
}

#[test]
fn a_links_mistake_is_named_as_the_screen_names_it() {
    let sentence = |name: &str| LinkError::Shape(name.into()).to_string();
    assert!(sentence("b2").starts_with("The link’s b₂ doesn’t have as many numbers"), "{}", sentence("b2"));
    assert!(sentence("W12").starts_with("The link’s W₁₂ doesn’t"), "{}", sentence("W12"));
    for other in ["part", "neurons", "b", "Wide", "budget", "é1", ""] {
        assert_eq!(
            sentence(other),
            format!("The link’s {other} can’t be read, so it was not used. Copy the link again.")
        );
    }
}
