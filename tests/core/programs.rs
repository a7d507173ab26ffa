//! The programs of story 10, as a reader copies them, against the trainer's own layers. Where Python has no numpy or no
//! torch, that is said, and the programs' length is still checked.

use std::io::Write;
use std::process::{Command, Stdio};

use ndarray::{Array1, Array2};
use piecewise::labs::stories::{Block, find};
use piecewise::nn::{Linear, cross_entropy, relu};
use serde_json::{Value, json};

/// Reads a program and numbers; writes what its functions make of them.
const RUNNER: &str = r#"
import json, sys
task = json.load(sys.stdin)
names = {}
if task["language"] == "numpy":
    import numpy as np
    names["np"] = np
    real, whole, back = np.array, np.array, lambda value: np.asarray(value).tolist()
else:
    import torch
    names["torch"] = torch
    real = lambda value: torch.tensor(value, dtype=torch.float64)
    whole, back = torch.tensor, lambda value: value.tolist()
exec(task["program"], names)
X, W, b, G = (real(task[name]) for name in ("X", "W", "b", "G"))
Z = names["linear_forward"](X, W, b)
dW, db, dX = names["linear_backward"](G, X, W)
dR = names["relu_backward"](G, Z)
dC = names["cross_entropy_backward"](Z, whole(task["labels"]))
json.dump({name: back(value) for name, value in [("Z", Z), ("dW", dW), ("db", db), ("dX", dX), ("dR", dR), ("dC", dC)]}, sys.stdout)
"#;

fn programs(language: &str) -> Vec<String> {
    let blocks = find("10").unwrap().steps.iter().flat_map(|step| &step.blocks);
    let program = |block: &Block| match block {
        Block::Code(of, text) if of == language => Some(text.clone()),
        _ => None,
    };
    blocks.filter_map(program).collect()
}

fn rows(values: &Array2<f64>) -> Value {
    json!(values.outer_iter().map(|row| row.to_vec()).collect::<Vec<_>>())
}

fn close(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b)),
        _ => found.as_f64().zip(expected.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-12),
    }
}

/// Of different sizes, so that no transpose goes unnoticed: 4 images, 3 inputs, 5 outputs.
fn check(language: &str, module: &str) {
    let python = std::env::var("PIECEWISE_PYTHON").unwrap_or_else(|_| "python3".into());
    let imported = Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    if !imported.is_ok_and(|status| status.success()) {
        println!("not run: {python} has no {module}, so the programs were only counted");
        return;
    }
    let number = |i: usize, j: usize, k: usize| (((i * 7 + j * 5 + k * 3) % 11) as f64 - 5.0) / 4.0;
    let matrix = |m: usize, n: usize, k: usize| Array2::from_shape_fn((m, n), |(i, j)| number(i, j, k));
    let (x, weight, g) = (matrix(4, 3, 1), matrix(5, 3, 2), matrix(4, 5, 3));
    let bias = Array1::from_shape_fn(5, |i| number(i, 1, 4));
    let labels = [2_u8, 0, 4, 4];

    let layer = Linear { weight: weight.clone(), bias: bias.clone() };
    let mut z = Array2::zeros((4, 5));
    layer.forward(x.view(), z.view_mut());
    let mut h = z.clone();
    relu::forward(h.view_mut());
    let mut after_relu = g.clone();
    relu::backward(h.view(), after_relu.view_mut());
    let mut probabilities = z.clone();
    cross_entropy::forward(probabilities.view_mut(), &labels);
    cross_entropy::backward(probabilities.view_mut(), &labels);
    let expected = json!({
        "Z": rows(&z), "dW": rows(&g.t().dot(&x)), "db": g.sum_axis(ndarray::Axis(0)).to_vec(), "dX": rows(&g.dot(&weight)),
        "dR": rows(&after_relu), "dC": rows(&probabilities),
    });

    let task = json!({
        "language": language, "program": programs(language).join("\n\n"), "X": rows(&x), "W": rows(&weight), "b": bias.to_vec(),
        "G": rows(&g), "labels": labels,
    });
    let mut child = Command::new(&python)
        .args(["-W", "error", "-c", RUNNER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(task.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "a program of the story failed: Python's words stand above");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (name, expected) in expected.as_object().unwrap() {
        assert!(close(&found[name], expected), "{language}, {name}: {} instead of {expected}", found[name]);
    }
}

#[test]
fn the_numpy_programs_of_story_10_do_what_the_layers_do() {
    check("numpy", "numpy");
}

#[test]
fn the_pytorch_programs_of_story_10_do_what_the_layers_do() {
    check("pytorch", "torch.nn");
}

#[test]
fn each_program_has_at_most_five_lines_in_both_languages() {
    for language in ["numpy", "pytorch"] {
        let all = programs(language);
        assert_eq!(all.len(), 4);
        // The first line is its head.
        assert!(all.iter().all(|program| (2..=6).contains(&program.lines().count())));
    }
}
