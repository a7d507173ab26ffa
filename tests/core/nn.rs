use ndarray::{Array1, Array2, array};
use piecewise::data::{Purpose, rng};
use piecewise::linalg::Element;
use piecewise::nn::{Gradients, Init, Linear, Mlp, Workspace, cross_entropy, gradcheck, relu, sgd};
use piecewise::train::{Config, Engine, LocalEngine};
use rand::RngExt;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Made by `golden/make_golden.py`, which says how.
#[derive(Deserialize)]
struct Golden {
    widths: Vec<usize>,
    rate: f64,
    x: Vec<f64>,
    labels: Vec<u8>,
    parameters: Vec<Parameters>,
    logits: Vec<f64>,
    loss: f64,
    gradients: Vec<Parameters>,
    losses: Vec<f64>,
}

#[derive(Deserialize)]
struct Parameters {
    weight: Vec<f64>,
    bias: Vec<f64>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/mlp.json")).unwrap()
}

fn matrix<T: Element>(columns: usize, values: &[f64]) -> Array2<T> {
    let values: Vec<T> = values.iter().map(|&value| T::from_f64(value)).collect();
    Array2::from_shape_vec((values.len() / columns, columns), values).unwrap()
}

fn layers<T: Element>(widths: &[usize], parameters: &[Parameters]) -> Vec<Linear<T>> {
    let layer = |(p, &inputs): (&Parameters, &usize)| Linear {
        weight: matrix(inputs, &p.weight),
        bias: p.bias.iter().map(|&value| T::from_f64(value)).collect(),
    };
    parameters.iter().zip(widths).map(layer).collect()
}

fn largest_difference<T: Element>(a: &Gradients<T>, b: &Gradients<T>) -> f64 {
    let difference = |(&a, &b): (&T, &T)| (a - b).to_f64().abs();
    let layer = |(a, b): (&Linear<T>, &Linear<T>)| {
        let weights = a.weight.iter().zip(&b.weight).map(difference).fold(0.0, f64::max);
        let biases = a.bias.iter().zip(&b.bias).map(difference).fold(0.0, f64::max);
        weights.max(biases)
    };
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(layer).fold(0.0, f64::max)
}

fn check_golden<T: Element>(tolerance: f64) {
    let golden = golden();
    let mut net = Mlp::<T> { layers: layers(&golden.widths, &golden.parameters) };
    let x = matrix::<T>(golden.widths[0], &golden.x);
    let mut work = Workspace::default();
    let mut gradients = net.zero_gradients();

    let logits = net.forward(x.view(), &mut work);
    for (&ours, theirs) in logits.iter().zip(&golden.logits) {
        assert!((ours.to_f64() - theirs).abs() < tolerance, "logit {ours} instead of {theirs}");
    }
    let loss = net.loss_and_gradients(x.view(), &golden.labels, &mut work, &mut gradients);
    assert!((loss - golden.loss).abs() < tolerance, "loss {loss} instead of {}", golden.loss);
    let error = largest_difference(&gradients, &layers(&golden.widths, &golden.gradients));
    assert!(error < tolerance, "gradients differ by {error}");

    let mut plain = sgd::Sgd::new(&net.layers, T::zero(), T::zero());
    for (at, expected) in golden.losses.iter().enumerate() {
        let loss = step(&mut net, &mut plain, &x, &golden.labels, T::from_f64(golden.rate));
        assert!((loss - expected).abs() < tolerance, "loss {loss} instead of {expected} at step {at}");
    }
}

#[test]
fn forward_backward_and_ten_steps_are_pytorchs() {
    check_golden::<f64>(1e-13);
    check_golden::<f32>(1e-5);
}

/// Made by `golden/make_golden_sgd.py`, from the network and the batch of `mlp.json`.
#[derive(Deserialize)]
struct GoldenSgd {
    rate: f64,
    runs: Vec<GoldenRun>,
}

#[derive(Deserialize)]
struct GoldenRun {
    momentum: f64,
    weight_decay: f64,
    losses: Vec<f64>,
    parameters: Vec<Parameters>,
}

/// A step with the update of each layer formed in place. Returns the loss before it.
fn step<T: Element>(net: &mut Mlp<T>, sgd: &mut sgd::Sgd<T>, x: &Array2<T>, labels: &[u8], rate: T) -> f64 {
    let mut hs = vec![x.clone()];
    for (i, layer) in net.layers.iter().enumerate() {
        let mut z = Array2::zeros((x.nrows(), layer.bias.len()));
        layer.forward(hs[i].view(), z.view_mut());
        if i + 1 < net.layers.len() {
            relu::forward(z.view_mut());
        }
        hs.push(z);
    }
    let mut dz = hs.pop().unwrap();
    let loss = cross_entropy::forward(dz.view_mut(), labels);
    cross_entropy::backward(dz.view_mut(), labels);
    for (i, h) in hs.iter().enumerate().rev() {
        let mut dh = Array2::zeros(h.dim());
        net.layers[i].input_gradient(dz.view(), 0..h.ncols(), dh.view_mut());
        relu::backward(h.view(), dh.view_mut());
        sgd.update(i, &mut net.layers[i], h.view(), dz.view(), rate);
        dz = dh;
    }
    loss
}

fn check_sgd<T: Element>(tolerance: f64) {
    let (start, golden): (_, GoldenSgd) = (golden(), serde_json::from_str(include_str!("golden/sgd.json")).unwrap());
    let x = matrix::<T>(start.widths[0], &start.x);
    for run in &golden.runs {
        let mut net = Mlp::<T> { layers: layers(&start.widths, &start.parameters) };
        let mut sgd = sgd::Sgd::new(&net.layers, T::from_f64(run.momentum), T::from_f64(run.weight_decay));
        for (at, expected) in run.losses.iter().enumerate() {
            let loss = step(&mut net, &mut sgd, &x, &start.labels, T::from_f64(golden.rate));
            assert!((loss - expected).abs() < tolerance, "loss {loss} instead of {expected} at step {at}");
        }
        let error = largest_difference(&net.layers, &layers(&start.widths, &run.parameters));
        assert!(error < tolerance, "weights differ by {error}");
        assert_eq!(sgd.velocity().is_some(), run.momentum > 0.0);
    }
}

#[test]
fn momentum_and_weight_decay_are_pytorchs() {
    check_sgd::<f64>(1e-13);
    check_sgd::<f32>(1e-5);
}

/// The engine's own steps are PyTorch's too.
#[test]
fn an_engines_steps_are_pytorchs() {
    let (start, golden): (_, GoldenSgd) = (golden(), serde_json::from_str(include_str!("golden/sgd.json")).unwrap());
    let x = matrix::<f32>(start.widths[0], &start.x);
    for run in &golden.runs {
        let net = Mlp::<f32> { layers: layers(&start.widths, &start.parameters) };
        let (momentum, weight_decay) = (run.momentum as f32, run.weight_decay as f32);
        let mut engine = LocalEngine::of(&Config { momentum, weight_decay, ..Config::default() }, net);
        for expected in &run.losses {
            let loss = engine.step(x.view(), &start.labels, golden.rate as f32).unwrap();
            assert!((f64::from(loss) - expected).abs() < 1e-5, "loss {loss} instead of {expected}");
        }
        let net = engine.weights::<f32>().unwrap();
        let error = largest_difference(&net.layers, &layers(&start.widths, &run.parameters));
        assert!(error < 1e-5, "weights differ by {error}");
    }
}

/// A net and a batch whose pre-activations keep away from 0, so that differences do not cross a kink.
fn smooth_case(seed: u64, widths: &[usize], batch: usize) -> (Mlp<f64>, Array2<f64>, Vec<u8>) {
    let mut rng = rng(seed, Purpose::Init, 3);
    loop {
        let mut net = Mlp::<f64>::new(widths, Init::He, &mut rng);
        for layer in &mut net.layers {
            layer.bias.mapv_inplace(|_| rng.random_range(-0.5..0.5));
        }
        let x = Array2::from_shape_fn((batch, widths[0]), |_| rng.random_range(-1.0..1.0));
        let labels = (0..batch).map(|_| rng.random_range(0..widths[widths.len() - 1] as u8)).collect();
        let mut h = x.clone();
        let margin = net.layers[..net.layers.len() - 1].iter().fold(f64::INFINITY, |margin, layer| {
            let mut z = Array2::zeros((batch, layer.bias.len()));
            layer.forward(h.view(), z.view_mut());
            let nearest = z.iter().fold(margin, |nearest, value| value.abs().min(nearest));
            relu::forward(z.view_mut());
            h = z;
            nearest
        });
        if margin > 1e-3 {
            return (net, x, labels);
        }
    }
}

#[test]
fn the_whole_nets_gradients_are_central_differences() {
    for (seed, widths, batch) in [(1, &[5, 4, 3][..], 6), (2, &[7, 10], 1), (3, &[3, 6, 5, 4], 2), (4, &[1, 1, 2], 3)] {
        let (net, x, labels) = smooth_case(seed, widths, batch);
        let mut gradients = net.zero_gradients();
        net.loss_and_gradients(x.view(), &labels, &mut Workspace::default(), &mut gradients);
        let numerical = gradcheck::central_differences(&net, x.view(), &labels, 1e-5);
        let error = largest_difference(&gradients, &numerical);
        assert!(error < 1e-9, "{widths:?}: gradients differ by {error}");
    }
}

/// d/dε of `Σ weights ∘ f(at + ε·e)` for each entry e, by central differences.
fn differences(at: &Array2<f64>, f: impl Fn(&Array2<f64>) -> f64) -> Array2<f64> {
    let eps = 1e-5;
    Array2::from_shape_fn(at.dim(), |index| {
        let moved = |by: f64| {
            let mut at = at.clone();
            at[index] += by;
            f(&at)
        };
        (moved(eps) - moved(-eps)) / (2.0 * eps)
    })
}

fn assert_close(ours: &Array2<f64>, numerical: &Array2<f64>) {
    assert_eq!(ours.dim(), numerical.dim());
    for (a, b) in ours.iter().zip(numerical) {
        assert!((a - b).abs() < 1e-9, "{ours} instead of {numerical}");
    }
}

#[test]
fn linears_gradients_are_central_differences() {
    let mut rng = rng(21, Purpose::Init, 0);
    let mut random = |rows, columns| Array2::from_shape_fn((rows, columns), |_| rng.random_range(-1.0..1.0));
    let (x, weight, dz, bias) = (random(5, 4), random(3, 4), random(5, 3), random(1, 3));
    let output = |x: &Array2<f64>, weight: &Array2<f64>, bias: &Array2<f64>| {
        let mut z = Array2::zeros((5, 3));
        Linear { weight: weight.clone(), bias: bias.row(0).to_owned() }.forward(x.view(), z.view_mut());
        (z * &dz).sum()
    };
    let (mut dw, mut db, mut dx) = (random(3, 4), Array1::from_elem(3, f64::NAN), random(5, 4));
    Linear { weight: weight.clone(), bias: bias.row(0).to_owned() }.backward(
        x.view(),
        dz.view(),
        dw.view_mut(),
        db.view_mut(),
        Some(dx.view_mut()),
    );
    assert_close(&dw, &differences(&weight, |weight| output(&x, weight, &bias)));
    assert_close(&dx, &differences(&x, |x| output(x, &weight, &bias)));
    let db = db.into_shape_with_order((1, 3)).unwrap();
    assert_close(&db, &differences(&bias, |bias| output(&x, &weight, bias)));
}

#[test]
fn relus_gradient_is_central_differences_and_zero_at_zero() {
    let z = array![[-1.5, 0.25, 3.0], [0.5, -0.125, 2.0]];
    let dh = array![[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]];
    let output = |z: &Array2<f64>| {
        let mut h = z.clone();
        relu::forward(h.view_mut());
        (h * &dh).sum()
    };
    let (mut h, mut dz) = (z.clone(), dh.clone());
    relu::forward(h.view_mut());
    relu::backward(h.view(), dz.view_mut());
    assert_close(&dz, &differences(&z, output));

    let mut at_zero = array![[5.0]];
    relu::backward(array![[0.0]].view(), at_zero.view_mut());
    assert_eq!(at_zero, array![[0.0]], "the subgradient at 0 is 0, as in PyTorch");
    let mut not_a_number = array![[f32::NAN]];
    relu::forward(not_a_number.view_mut());
    assert!(not_a_number[(0, 0)].is_nan(), "NaN is not hidden");
}

#[test]
fn cross_entropys_gradient_is_central_differences() {
    let z = array![[1.0, -2.0, 0.5], [0.0, 0.0, 3.0], [-1.0, 2.0, 2.0], [0.1, 0.2, 0.3]];
    let labels = [0, 1, 2, 1];
    let mut gradient = z.clone();
    cross_entropy::forward(gradient.view_mut(), &labels);
    cross_entropy::backward(gradient.view_mut(), &labels);
    assert_close(&gradient, &differences(&z, |z| cross_entropy::forward(z.clone().view_mut(), &labels)));
}

#[test]
fn cross_entropy_survives_large_logits() {
    let loss = cross_entropy::forward(array![[1000.0_f32, -1000.0]].view_mut(), &[1]);
    assert_eq!(loss, 2000.0);
    let uniform = cross_entropy::forward(Array2::<f64>::zeros((3, 10)).view_mut(), &[1, 2, 3]);
    assert!((uniform - 10_f64.ln()).abs() < 1e-15);
}

#[test]
fn initial_weights_have_the_scale_they_should() {
    for (init, expected) in [(Init::Homework, 1.0 / 400.0), (Init::He, (2.0_f64 / 400.0).sqrt())] {
        let layer: Linear<f64> = init.layer(&mut rng(3, Purpose::Init, 0), 400, 300);
        let n = layer.weight.len() as f64;
        let mean = layer.weight.sum() / n;
        let std = (layer.weight.mapv(|w| (w - mean).powi(2)).sum() / n).sqrt();
        // Of 120,000 draws, the standard deviation is within 1 % and the mean within 1.5 % of it (5 σ).
        assert!((std / expected - 1.0).abs() < 0.0103, "{init:?}: {std}");
        assert!((mean / expected).abs() < 0.0145, "{init:?}: {mean}");
        assert!(layer.bias.iter().all(|&bias| bias == 0.0));
    }
}

#[test]
fn a_seed_gives_the_same_weights_in_f32_and_f64() {
    let widths = [20, 7, 10];
    let single = Mlp::<f32>::new(&widths, Init::He, &mut rng(3, Purpose::Init, 0));
    let double = Mlp::<f64>::new(&widths, Init::He, &mut rng(3, Purpose::Init, 0));
    for (single, double) in single.layers.iter().zip(&double.layers) {
        assert_eq!(single.weight.mapv(f64::from), double.weight);
    }
    assert_eq!(single.parameters(), 20 * 7 + 7 + 7 * 10 + 10);
}
