//! Which matrices a file's tensors are, in which order: one chain from [`PIXELS`] inputs to [`CLASSES`] outputs.
//!
//! Names are taken apart into words and numbers. A bias belongs to the matrix whose name is the same but for the last
//! word. Matrices whose words are the same follow each other by their numbers, so that `fc10` comes after `fc2`; for the
//! rest, each must take as many numbers as the one before gives. If more than one order does, nothing is guessed.

use ndarray::{Array1, Array2};

use super::ModelError;
use super::tensor::Tensor;
use crate::data::{CLASSES, PIXELS};
use crate::nn::Linear;

/// Most matrices.
const MAX_LAYERS: usize = 64;
/// Steps of the search for an order, before it is taken to be in doubt.
const MAX_STEPS: usize = 5_000;
/// Tensors that a message names.
const NAMED: usize = 8;

/// The layers, and what was assumed on the way.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) layers: Vec<Linear<f32>>,
    /// Names of the matrices, in order.
    pub(super) names: Vec<String>,
    /// Whether shapes had to decide the order.
    pub(super) by_shapes: bool,
    /// Whether matrices are inputs × outputs in the file.
    pub(super) is_transposed: bool,
    /// Layers whose biases are 0 because the file has none.
    pub(super) without_bias: usize,
    /// Tensors that are of no use.
    pub(super) ignored: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Letters(String),
    Number(u64),
}

struct Matrix<'a, 'b> {
    tensor: &'a Tensor<'b>,
    words: Vec<Word>,
    bias: Option<&'a Tensor<'b>>,
}

/// A name's words and numbers.
fn words(name: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut can_go_on = false;
    for letter in name.chars() {
        match (letter.to_digit(10), words.last_mut()) {
            (Some(digit), Some(Word::Number(number))) if can_go_on => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            (Some(digit), _) => words.push(Word::Number(u64::from(digit))),
            (None, Some(Word::Letters(text))) if can_go_on && letter.is_alphabetic() => {
                text.extend(letter.to_lowercase())
            }
            (None, _) if letter.is_alphabetic() => words.push(Word::Letters(letter.to_lowercase().collect())),
            (None, _) => {}
        }
        can_go_on = letter.is_alphanumeric();
    }
    words
}

/// The words without the last of these.
fn without(mut words: Vec<Word>, roles: &[&str]) -> Option<Vec<Word>> {
    let at = words.iter().rposition(|word| matches!(word, Word::Letters(text) if roles.contains(&text.as_str())))?;
    words.remove(at);
    Some(words)
}

const OF_WEIGHTS: [&str; 4] = ["weight", "weights", "kernel", "w"];
const OF_BIASES: [&str; 3] = ["bias", "biases", "b"];
const OF_NORMALISATION: [&str; 5] = ["running", "tracked", "gamma", "beta", "scale"];

impl Chain {
    /// Puts a file's tensors together.
    ///
    /// # Errors
    /// If there is another layer among them than linear ones, or they are no chain, or several.
    pub(super) fn of(tensors: &[Tensor]) -> Result<Self, ModelError> {
        let mut matrices = Vec::new();
        let mut biases = Vec::new();
        let mut ignored = Vec::new();
        for tensor in tensors {
            let words = words(&tensor.name);
            let has = |roles: &[&str]| {
                words.iter().any(|word| matches!(word, Word::Letters(text) if roles.contains(&text.as_str())))
            };
            let count: usize = tensor.shape.iter().product();
            let is_vector_of_weights = tensor.shape.len() == 1 && count > 1 && has(&OF_WEIGHTS) && !has(&OF_BIASES);
            if has(&OF_NORMALISATION) || is_vector_of_weights {
                return Err(ModelError::Normalisation(tensor.describe()));
            }
            match tensor.shape[..] {
                [_] | [1, _] | [_, 1] if has(&OF_BIASES) => biases.push((tensor, without(words, &OF_BIASES), false)),
                [_, _] if count > 0 => {
                    let words = without(words.clone(), &OF_WEIGHTS).unwrap_or(words);
                    matrices.push(Matrix { tensor, words, bias: None });
                }
                [_, _, _, ..] => return Err(ModelError::OtherLayer(tensor.describe())),
                _ => ignored.push(tensor.describe()),
            }
        }
        if matrices.is_empty() {
            return Err(ModelError::Shape(format!("it has no matrices, but {}", list(tensors.iter()))));
        }
        if matrices.len() > MAX_LAYERS {
            return Err(ModelError::Shape(format!(
                "it has {} matrices, and {MAX_LAYERS} are the most",
                matrices.len()
            )));
        }
        for (bias, words, is_used) in &mut biases {
            let mut fitting =
                matrices.iter_mut().filter(|matrix| Some(&matrix.words) == words.as_ref() && matrix.bias.is_none());
            if let Some(matrix) = fitting.next() {
                matrix.bias = Some(*bias);
                *is_used = true;
            }
        }
        if let Some((bias, ..)) = biases.iter().find(|(.., is_used)| !is_used) {
            return Err(ModelError::Shape(format!("{} is a bias without a matrix of the same name", bias.describe())));
        }
        let (order, is_transposed, by_shapes) = order(&matrices)?;
        let mut chain =
            Self { layers: Vec::new(), names: Vec::new(), by_shapes, is_transposed, without_bias: 0, ignored };
        for index in order {
            let Matrix { tensor, bias, .. } = &matrices[index];
            chain.layers.push(layer(tensor, *bias, is_transposed)?);
            chain.names.push(super::shorten(&tensor.name));
            chain.without_bias += usize::from(bias.is_none());
        }
        Ok(chain)
    }
}

/// A layer of a matrix, out×in or the other way, and its bias.
fn layer(matrix: &Tensor, bias: Option<&Tensor>, is_transposed: bool) -> Result<Linear<f32>, ModelError> {
    let numbers = matrix.numbers()?;
    let (rows, columns) = (matrix.shape[0], matrix.shape[1]);
    let weight = Array2::from_shape_vec((rows, columns), numbers).expect("as many as its shape says");
    let weight = if is_transposed { weight.t().as_standard_layout().into_owned() } else { weight };
    let bias = match bias {
        None => Array1::zeros(weight.nrows()),
        Some(bias) => Array1::from_vec(bias.numbers()?),
    };
    if bias.len() != weight.nrows() {
        let what = format!("{} gives {} numbers, and its bias has {}", matrix.describe(), weight.nrows(), bias.len());
        return Err(ModelError::Shape(what));
    }
    Ok(Linear { weight, bias })
}

/// The indices of the matrices in order, whether they are inputs × outputs, and whether shapes decided.
fn order(matrices: &[Matrix]) -> Result<(Vec<usize>, bool, bool), ModelError> {
    let before = |second: &Matrix| {
        let bit = |(at, first): (usize, &Matrix)| if is_before(first, second) { 1_u64 << at } else { 0 };
        matrices.iter().enumerate().map(bit).sum::<u64>()
    };
    let before: Vec<u64> = matrices.iter().map(before).collect();
    for has_numbers in [true, false] {
        for is_transposed in [false, true] {
            let before = if has_numbers { before.clone() } else { vec![0; matrices.len()] };
            let mut search = Search { matrices, is_transposed, before, used: 0, found: Vec::new(), steps: 0 };
            search.go_on(&mut Vec::new(), PIXELS);
            if search.found.len() > 1 || search.steps > MAX_STEPS {
                let what =
                    format!("its matrices fit together in several orders: {}", list(matrices.iter().map(|m| m.tensor)));
                return Err(ModelError::Doubt(what));
            }
            if let Some(order) = search.found.pop() {
                let is_numbered = matrices.iter().all(|matrix| letters(matrix).eq(letters(&matrices[0])));
                return Ok((order, is_transposed, !(has_numbers && is_numbered)));
            }
        }
    }
    let has_side = |side: usize| matrices.iter().any(|matrix| matrix.tensor.shape.contains(&side));
    let why = if !has_side(PIXELS) {
        "none of its matrices takes 3072 inputs"
    } else if !has_side(CLASSES) {
        "none of its matrices gives 10 outputs"
    } else {
        "its matrices are no chain, where each takes what the one before gives"
    };
    let what = format!("{why}: {}", list(matrices.iter().map(|matrix| matrix.tensor)));
    Err(ModelError::Shape(what))
}

struct Search<'a, 'b, 'c> {
    matrices: &'a [Matrix<'b, 'c>],
    is_transposed: bool,
    /// Of each matrix, those that come before it by their numbers, a bit each.
    before: Vec<u64>,
    /// Those in the order until now, a bit each.
    used: u64,
    /// At most two orders.
    found: Vec<Vec<usize>>,
    steps: usize,
}

impl Search<'_, '_, '_> {
    /// Finds the orders that go on from here, where the last matrix gives so many numbers.
    fn go_on(&mut self, order: &mut Vec<usize>, given: usize) {
        self.steps += 1;
        if self.found.len() > 1 || self.steps > MAX_STEPS {
            return;
        }
        if order.len() == self.matrices.len() {
            if given == CLASSES {
                self.found.push(order.clone());
            }
            return;
        }
        for next in 0..self.matrices.len() {
            let shape = &self.matrices[next].tensor.shape;
            let (taken, gives) = if self.is_transposed { (shape[0], shape[1]) } else { (shape[1], shape[0]) };
            let (is_used, waits) = (self.used >> next & 1 == 1, self.before[next] & !self.used != 0);
            if taken == given && !is_used && !waits {
                order.push(next);
                self.used |= 1 << next;
                self.go_on(order, gives);
                self.used &= !(1 << next);
                order.pop();
            }
        }
    }
}

fn letters<'a>(matrix: &'a Matrix) -> impl Iterator<Item = Option<&'a str>> {
    matrix.words.iter().map(|word| match word {
        Word::Letters(text) => Some(text.as_str()),
        Word::Number(_) => None,
    })
}

/// Whether names differ in numbers only, and those of the first are lower.
fn is_before(first: &Matrix, second: &Matrix) -> bool {
    let numbers = |matrix: &Matrix| {
        let number = |word: &Word| if let Word::Number(number) = word { Some(*number) } else { None };
        matrix.words.iter().filter_map(number).collect::<Vec<u64>>()
    };
    letters(first).eq(letters(second)) && numbers(first) < numbers(second)
}

/// `fc1.weight (512×3072), fc2.weight (10×512)`
fn list<'a, 'b: 'a>(tensors: impl Iterator<Item = &'a Tensor<'b>>) -> String {
    let mut all: Vec<String> = tensors.take(NAMED + 1).map(Tensor::describe).collect();
    if all.is_empty() {
        return "nothing".into();
    }
    if all.len() > NAMED {
        all.truncate(NAMED);
        all.push("and more".into());
    }
    all.join(", ")
}
