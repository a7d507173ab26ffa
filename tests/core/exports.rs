//! What is copied is the network on screen: each exported program is run on points and compared with the screen's
//! answers. Where Python has no numpy or no torch, that is said, and the program's text is still read back and
//! evaluated here.

use std::io::Write;
use std::process::{Command, Stdio};

use num_traits::Zero;
use piecewise::data::{Purpose, rng};
use piecewise::labs::code::{Exported, Language, code, path_code};
use piecewise::labs::function::drawing::FloatNet;
use piecewise::labs::function::network::{Activation, NetworkLab, random};
use piecewise::labs::gates::presets as gates;
use piecewise::labs::path::presets::presets as paths;
use piecewise::piecewise::boolean::{Encoding, Form, Formula, compile};
use piecewise::piecewise::{Decimal, Rational, to_f64};
use rand::RngExt;
use serde_json::{Value, json};

/// A program that another one imports: it reads cases, and writes what each function says of its points.
const RUNNER: &str = r#"
import json, sys
import numpy as np

answers = []
for case in json.load(sys.stdin):
    space = {}
    exec(case["code"], space)
    def f(*arguments):
        value = space[case["function"]](*arguments)
        return value.detach().numpy() if hasattr(value, "detach") else value

    points = np.array(case["points"], dtype=float)
    columns = [points[:, index] for index in range(points.shape[1])]
    many = f(*columns)
    table = f(*[np.stack([column, column]) for column in columns])
    answers.append({
        "many": [float(value) for value in many],
        "one": [float(f(*[float(value) for value in point])) for point in points],
        "shape": list(table.shape),
        "wide": list(f(columns[0][:, None], *[column[None, :] for column in columns[1:]]).shape),
    })
print(json.dumps(answers))
"#;

/// A copied program, and what the screen says.
struct Case {
    name: String,
    /// As text, in each language.
    write: Box<dyn Fn(Language) -> String>,
    /// What it defines.
    function: &'static str,
    points: Vec<Vec<Decimal>>,
    expected: Vec<f64>,
    is_path: bool,
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Points with `inputs` numbers each: 0, and drawn ones.
fn points(inputs: usize, seed: u64) -> Vec<Vec<Decimal>> {
    let mut rng = rng(seed, Purpose::Draw, inputs as u64);
    let mut points = vec![vec![Decimal::ZERO; inputs]];
    points
        .extend((0..10).map(|_| (0..inputs).map(|_| Decimal::new(rng.random_range(-500..=500), 2).unwrap()).collect()));
    points
}

fn case_of(name: &str, network: Exported, points: Vec<Vec<Decimal>>, f: impl Fn(&[Rational]) -> f64) -> Case {
    let exact = |point: &Vec<Decimal>| point.iter().map(|number| number.to_rational()).collect::<Vec<_>>();
    let expected = points.iter().map(|point| f(&exact(point))).collect();
    let write = Box::new(move |language| code(&network, language));
    Case { name: name.into(), write, function: "f", points, expected, is_path: false }
}

fn function_cases() -> Vec<Case> {
    let mut labs: Vec<(String, NetworkLab)> = vec![
        ("the first page".into(), NetworkLab::default()),
        ("fractions".into(), NetworkLab::decode("W1=1/6,-82/29&b1=0,-1&W2=1,-1/3&b2=1/2&x=-5,5").unwrap()),
        ("almost cancelled".into(), NetworkLab::decode("W1=1,1&b1=-0.5,-0.500000001&W2=1,-1&b2=0&x=-5,5").unwrap()),
    ];
    for (seed, hidden) in [&[1][..], &[7], &[3, 2], &[4, 4, 4], &[2, 3, 2, 3, 2]].into_iter().enumerate() {
        labs.push((format!("widths {hidden:?}"), NetworkLab::of(random(hidden, seed as u64))));
    }
    let mut cases = Vec::new();
    for (name, relu) in labs {
        let (mut without, mut tanh) = (relu.clone(), relu.clone());
        without.biases = false;
        tanh.activation = Activation::Tanh;
        for (name, lab) in [(format!("{name}, without biases"), without), (name.clone(), relu)] {
            let net = lab.net();
            cases.push(case_of(&name, Exported::of_function(&lab), points(1, 1), move |x| to_f64(&net.eval_at(x))));
        }
        let net = FloatNet::new(&tanh.effective(), Activation::Tanh);
        let name = format!("{name}, tanh");
        cases.push(case_of(&name, Exported::of_function(&tanh), points(1, 2), move |x| net.value(to_f64(&x[0])).0));
    }
    cases
}

fn gate_cases() -> Vec<Case> {
    let mut cases: Vec<_> = gates()
        .into_iter()
        .map(|preset| {
            let net = preset.parameters.net();
            let exported = Exported::of(&preset.parameters);
            case_of(preset.id, exported, points(2, 3), move |x| to_f64(&net.eval_at(x)))
        })
        .collect();
    for text in ["a or not a", "a and not a", "not lambda", "a xor b xor c", "np and (f or h) and x1 nand d and e"] {
        for (form, encoding) in
            [(Form::Compact, Encoding::Bits), (Form::Nand, Encoding::Bits), (Form::Compact, Encoding::Signs)]
        {
            let formula = Formula::parse(text).unwrap();
            let net = compile(&formula, form, encoding);
            let inputs = formula.variables.len();
            let exported = Exported::new(&net, formula.variables);
            cases.push(case_of(text, exported, points(inputs, 4), move |x| to_f64(&net.eval_at(x))));
        }
    }
    cases
}

fn path_cases() -> Vec<Case> {
    let mut labs: Vec<_> = paths().into_iter().map(|preset| (preset.id.to_owned(), preset.lab)).collect();
    let mut still = labs[0].1.clone();
    let moving = still.arrival().places();
    still.set_moves(&moving[..1], false);
    still.x = decimal("-2/3");
    labs.push(("with a parameter that stays".into(), still));
    labs.into_iter()
        .map(|(name, lab)| {
            let answers = lab.answers();
            let points: Vec<_> = (-2..=12).map(|tenth| vec![Decimal::new(tenth, 1).unwrap()]).collect();
            let at = |t: &Vec<Decimal>| {
                let t = t[0].to_rational();
                to_f64(&answers.pieces.piece_at(&t).polynomial.at(&t))
            };
            let expected = points.iter().map(at).collect();
            let write = Box::new(move |language| path_code(&lab, language));
            Case { name, write, function: "along", points, expected, is_path: true }
        })
        .collect()
}

fn all_cases() -> Vec<Case> {
    [function_cases(), gate_cases(), path_cases()].into_iter().flatten().collect()
}

/// Equal but for the rounding of a few hundred f64 operations.
fn assert_close(found: f64, expected: f64, what: &str) {
    let scale = expected.abs().max(1.0);
    assert!((found - expected).abs() <= 1e-9 * scale, "{what}: {found} instead of {expected}");
}

/// Runs all cases in Python; `None`, with a line that says so, where it lacks a module.
fn run_in_python(module: &str, language: Language, cases: &[Case]) -> Option<Vec<Value>> {
    let python = std::env::var("PIECEWISE_PYTHON").unwrap_or_else(|_| "python3".into());
    let has = |module: &str| {
        let imported = Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
        imported.is_ok_and(|status| status.success())
    };
    if !has("numpy") || !has(module) {
        println!("not run: {python} has no {module} (or no numpy), so the programs were only read back");
        return None;
    }
    let numbers = |point: &Vec<Decimal>| point.iter().map(|number| number.to_f64()).collect::<Vec<_>>();
    let input: Vec<_> = cases
        .iter()
        .map(|case| {
            let points: Vec<_> = case.points.iter().map(numbers).collect();
            json!({ "code": (case.write)(language), "function": case.function, "points": points })
        })
        .collect();
    let mut child = Command::new(&python)
        .args(["-W", "error", "-c", RUNNER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(Value::from(input).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "a copied program failed: Python's words stand above");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn check_in_python(module: &str, language: Language) {
    let cases = all_cases();
    let Some(answers) = run_in_python(module, language, &cases) else { return };
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(&answers) {
        let (count, inputs) = (case.points.len(), case.points[0].len());
        for (index, &expected) in case.expected.iter().enumerate() {
            for way in ["one", "many"] {
                assert_close(
                    answer[way][index].as_f64().unwrap(),
                    expected,
                    &format!("{} ({way}, {index})", case.name),
                );
            }
        }
        assert_eq!(answer["shape"], json!([2, count]), "{}", case.name);
        assert_eq!(
            answer["wide"],
            if inputs == 1 { json!([count, 1]) } else { json!([count, count]) },
            "{}",
            case.name
        );
    }
}

#[test]
fn numpy_programs_say_what_the_screen_says() {
    check_in_python("numpy", Language::NumPy);
}

#[test]
fn pytorch_programs_say_what_the_screen_says() {
    check_in_python("torch.nn", Language::PyTorch);
}

/// A list of Python numbers, or of such lists, as rows; a flat one is one row.
fn rows(text: &str) -> Vec<Vec<f64>> {
    let number = |text: &str| {
        let (above, below) = text.split_once('/').unwrap_or((text, "1"));
        above.trim().parse::<f64>().unwrap() / below.trim().parse::<f64>().unwrap()
    };
    let inner = text.trim().strip_prefix('[').unwrap().strip_suffix(']').unwrap();
    let lists = if inner.contains('[') { inner.split(']').collect() } else { vec![inner] };
    let list = |list: &str| {
        let list = list.trim_start_matches([',', ' ']).trim_start_matches('[');
        list.split(',').filter(|part| !part.trim().is_empty()).map(number).collect::<Vec<_>>()
    };
    let last_is_rest = inner.contains('[');
    let count = lists.len() - usize::from(last_is_rest);
    lists.into_iter().take(count).map(list).collect()
}

/// What stands in `opening … )` in a line, each time.
fn arrays<'a>(line: &'a str, opening: &str) -> Vec<&'a str> {
    line.split(opening).skip(1).map(|rest| rest.split([')']).next().unwrap().split(", dtype").next().unwrap()).collect()
}

/// A layer as it stands in a program: at t = 0 and t = 1 if it is a path's.
type ReadLayer = (Vec<Vec<Vec<f64>>>, Vec<Vec<f64>>);

/// The layers of a NumPy program, by its text.
fn read_numpy(program: &str) -> Vec<ReadLayer> {
    let of = |name: String| {
        let line = program.lines().find(|line| line.starts_with(&name));
        line.map(|line| arrays(line, "np.array(").into_iter().map(rows).collect::<Vec<_>>())
    };
    (1..)
        .map_while(|layer| {
            let weights = of(format!("W{layer} = "))?;
            let bias = of(format!("b{layer} = "))?.into_iter().map(|rows| rows.concat()).collect();
            Some((weights, bias))
        })
        .collect()
}

/// f by a program's numbers, with the ends mixed at t.
fn evaluate(layers: &[ReadLayer], x: &[f64], t: f64, activation: fn(f64) -> f64) -> f64 {
    let mix = |ends: &[f64]| if let [from, to] = ends { (1.0 - t) * from + t * to } else { ends[0] };
    let mut h = x.to_vec();
    for (index, (weights, bias)) in layers.iter().enumerate() {
        let next = (0..bias[0].len()).map(|row| {
            let weight = |column: usize| mix(&weights.iter().map(|end| end[row][column]).collect::<Vec<_>>());
            let sum: f64 = (0..h.len()).map(|column| weight(column) * h[column]).sum();
            sum + mix(&bias.iter().map(|end| end[row]).collect::<Vec<_>>())
        });
        h = next.map(|sum| if index + 1 < layers.len() { activation(sum) } else { sum }).collect();
    }
    h[0]
}

fn activation_of(program: &str) -> fn(f64) -> f64 {
    match (program.contains("np.maximum("), program.contains("np.tanh(")) {
        (true, false) => |z| z.max(0.0),
        (false, true) => f64::tanh,
        // Without hidden layers there is none.
        (false, false) => |z| z,
        (true, true) => panic!("two activations in {program}"),
    }
}

#[test]
fn a_program_s_own_numbers_and_activation_give_the_screen_s_values() {
    for case in all_cases() {
        let program = (case.write)(Language::NumPy);
        let (layers, activation) = (read_numpy(&program), activation_of(&program));
        assert!(!layers.is_empty(), "{program}");
        for (point, &expected) in case.points.iter().zip(&case.expected) {
            let at: Vec<_> = point.iter().map(|number| number.to_f64()).collect();
            let found = if !case.is_path {
                evaluate(&layers, &at, 0.0, activation)
            } else if let Some(data) = program.lines().find_map(|line| line.strip_prefix("data = ")) {
                let data = rows(arrays(data, "np.array(")[0]);
                let error = |pair: &Vec<f64>| (evaluate(&layers, &pair[..1], at[0], activation) - pair[1]).powi(2);
                data.iter().map(error).sum::<f64>() / data.len() as f64
            } else {
                let x = program.split("return f(").nth(1).unwrap().split(", t)").next().unwrap();
                evaluate(&layers, &[rows(&format!("[{x}]"))[0][0]], at[0], activation)
            };
            assert_close(found, expected, &case.name);
        }
    }
}

#[test]
fn json_holds_the_network_on_screen() {
    for case in all_cases().into_iter().filter(|case| !case.is_path) {
        let json: Value = serde_json::from_str(&(case.write)(Language::Json)).unwrap();
        let list = |value: &Value| value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect::<Vec<_>>();
        let layer = |layer: &Value| {
            let weight = layer["weight"].as_array().unwrap().iter().map(list).collect::<Vec<_>>();
            (vec![weight], vec![list(&layer["bias"])])
        };
        let layers: Vec<_> = json["layers"].as_array().unwrap().iter().map(layer).collect();
        let activation: fn(f64) -> f64 = match json["activation"].as_str().unwrap() {
            "relu" => |z| z.max(0.0),
            "tanh" => f64::tanh,
            other => panic!("{other}"),
        };
        assert_eq!(json["inputs"].as_array().unwrap().len(), case.points[0].len());
        for (point, &expected) in case.points.iter().zip(&case.expected) {
            let at: Vec<_> = point.iter().map(|number| number.to_f64()).collect();
            assert_close(evaluate(&layers, &at, 0.0, activation), expected, &case.name);
        }
    }
}

/// The entries of a matrix in LaTeX, exact.
fn latex_rows(text: &str) -> Vec<Vec<Rational>> {
    let number = |text: &str| {
        let (sign, size) = text.trim().strip_prefix('-').map_or((1, text.trim()), |size| (-1, size));
        let plain = size.replace("\\tfrac{", "").replace("}{", "/").replace('}', "");
        let value: Decimal = plain.parse().unwrap();
        value.to_rational() * Rational::from_integer(sign.into())
    };
    text.split("\\\\").map(|row| row.split('&').map(number).collect()).collect()
}

/// The matrices under a name, such as `W_{1} `.
fn latex_matrices(latex: &str, name: &str) -> Option<Vec<Vec<Vec<Rational>>>> {
    let after = latex.lines().find_map(|line| line.split(&format!("{name} &= ")).nth(1))?;
    let value = after.split(", & ").next()?;
    let matrices = value.split("\\begin{pmatrix}").skip(1);
    Some(matrices.map(|part| latex_rows(part.split("\\end{pmatrix}").next().unwrap())).collect())
}

#[test]
fn latex_holds_the_formula_and_its_exact_numbers() {
    for case in all_cases().into_iter().filter(|case| !case.is_path) {
        let latex = (case.write)(Language::Latex);
        let is_tanh = case.name.ends_with("tanh");
        assert_eq!(latex.matches("\\begin{pmatrix}").count(), latex.matches("\\end{pmatrix}").count());
        assert!(!latex.contains("\\begin{pmatrix}  \\end"), "an empty matrix in {latex}");
        assert!(latex.starts_with("\\begin{align*}\nf(x) &= W_{"), "{latex}");
        let layers = (1..).take_while(|layer| latex.contains(&format!("W_{{{layer}}} &="))).count();
        let name = if is_tanh { "\\tanh" } else { "\\operatorname{ReLU}" };
        assert_eq!(latex.matches(name).count(), layers - 1, "{latex}");
        if is_tanh {
            continue;
        }
        for (point, &expected) in case.points.iter().zip(&case.expected) {
            let mut h: Vec<Rational> = point.iter().map(|number| number.to_rational()).collect();
            for layer in 1..=layers {
                let weights = latex_matrices(&latex, &format!("W_{{{layer}}}")).unwrap().swap_remove(0);
                let bias = latex_matrices(&latex, &format!("b_{{{layer}}}")).map(|mut all| all.swap_remove(0).concat());
                h = weights
                    .iter()
                    .enumerate()
                    .map(|(row, weights)| {
                        assert_eq!(weights.len(), h.len(), "{latex}");
                        let sum: Rational = weights.iter().zip(&h).map(|(w, h)| w * h).sum();
                        let sum = sum + bias.as_ref().map_or_else(Rational::zero, |bias| bias[row].clone());
                        if layer < layers { sum.max(Rational::zero()) } else { sum }
                    })
                    .collect();
            }
            assert_eq!(to_f64(&h[0]), expected, "{}: {latex}", case.name);
        }
    }
}

#[test]
fn a_path_s_latex_has_both_ends_and_what_is_drawn() {
    for preset in paths() {
        let latex = path_code(&preset.lab, Language::Latex);
        let (from, to) = (preset.lab.end(Default::default()).net(), preset.lab.arrival().net());
        for (index, (from, to)) in from.layers().iter().zip(to.layers()).enumerate() {
            let number = index + 1;
            let ends = latex_matrices(&latex, &format!("W_{{{number}}}(t)")).unwrap();
            assert_eq!(ends[0], from.weights, "{latex}");
            assert_eq!(ends.last(), Some(&to.weights), "{latex}");
            assert_eq!(ends.len(), if from.weights == to.weights { 1 } else { 2 }, "{latex}");
        }
        let is_loss = preset.lab.encode().contains("loss=");
        assert_eq!(latex.contains("\\sum"), is_loss, "{latex}");
        assert_eq!(latex.contains("\nx &= "), !is_loss, "{latex}");
    }
}
