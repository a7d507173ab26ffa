//! Who does the arithmetic of a run: a team, or a team of one.
//!
//! Member r of n owns a [block](super::team::block) of the rows, that is output neurons, of every layer. Forward, each
//! forms its own columns of `Z = H·Wᵀ + b` from the whole H of the layer below, and shows them to the others. Back, each
//! knows its own columns of `∂L/∂Z`; they give `∂L/∂W` of its own rows and a summand of the whole `∂L/∂H`, of which each
//! member collects its own columns, its own summand first, then those of rank r − 1, r − 2, …. A layer of a few outputs,
//! as the last, all have whole, and do the same with it to the bit; what is exchanged of it is only the summands of its
//! `∂L/∂H`, if the layer above is divided, which all add up in the order of ranks. So results depend on the
//! settings and on n only; and all is done once, in the same order, for n = 1, where nothing is exchanged.

use ndarray::{ArrayView2, ArrayViewMut2, s};

use super::Config;
use super::input::Input;
use super::order::{Batch, Order, Part};
use super::team::{Board, Lost, Solo, Team, board_len, most_rows};
use crate::data::{Purpose, rng};
use crate::linalg::{Element, Operand};
use crate::nn::sgd::Sgd;
use crate::nn::{Gradients, Linear, Mlp, cross_entropy, relu};

/// A network that can be stepped and asked. [`TeamEngine`] computes; others may stand between.
pub trait Engine {
    /// One step of SGD on B rows with B labels. Returns the mean loss before the step.
    ///
    /// # Errors
    /// As all others: if a member of the team is lost.
    fn step<'a>(&mut self, input: impl Into<Input<'a>>, labels: &[u8], learning_rate: f32) -> Result<f32, Lost>;

    /// The logits for B rows, B×classes.
    fn logits<'a>(&mut self, input: impl Into<Input<'a>>) -> Result<ArrayView2<'_, f32>, Lost>;

    /// The activations of the hidden layers that the last [`logits`](Self::logits) for so many rows left, rows×width each.
    fn hidden(&self, rows: usize) -> Vec<ArrayView2<'_, f32>>;

    /// The gradients of the mean loss on B rows with B labels, without a step.
    fn gradients<'a>(&mut self, input: impl Into<Input<'a>>, labels: &[u8]) -> Result<Gradients<f32>, Lost>;

    /// Inputs, hidden widths, outputs.
    fn widths(&self) -> &[usize];

    /// Hands over, piece by piece, each layer's weights (out×in) and then its biases, or likewise the velocities.
    fn gather(&mut self, part: Part, take: &mut dyn FnMut(&[f32])) -> Result<(), Lost>;

    /// Remembers the weights as they are.
    fn keep(&mut self) -> Result<(), Lost>;

    /// Goes back to the weights last kept.
    fn restore(&mut self) -> Result<(), Lost>;

    /// The bytes of memory of all members together, as the browser counts them; 0 outside a browser.
    fn memory_bytes(&mut self) -> Result<u64, Lost>;

    /// A copy of the whole network, in this or another precision.
    fn weights<E: Element>(&mut self) -> Result<Mlp<E>, Lost>
    where
        Self: Sized,
    {
        let widths = self.widths().to_vec();
        let layers = collected(&widths, |take| self.gather(Part::Weights, take))?;
        Ok(Mlp { layers })
    }
}

/// A member of a team, with its part of the network. Member 0's gives the orders, and ends the others with itself.
pub struct TeamEngine<T: Team> {
    board: Board<T>,
    /// Inputs, hidden widths, outputs of the whole network.
    widths: Vec<usize>,
    /// Own rows.
    layers: Vec<Linear<f32>>,
    kept: Vec<Linear<f32>>,
    sgd: Sgd<f32>,
    work: Work,
}

/// The whole network in this thread.
pub type LocalEngine = TeamEngine<Solo>;

/// Buffers for one batch, kept between steps.
#[derive(Default)]
struct Work {
    /// Rows that there is room for, and for how many there will be at least.
    rows: usize,
    least: usize,
    /// rows×width of each layer, whole: its activations; of the last the logits, then ∂L/∂z.
    outputs: Vec<ndarray::Array2<f32>>,
    /// Own columns of a layer's ∂L/∂z, rows×columns.
    dz: Vec<f32>,
    /// Own columns of the layer's below, on the way from ∂L/∂h to ∂L/∂z.
    below: Vec<f32>,
    /// What is shown to others, or was read from them.
    passed: Vec<f32>,
}

impl<T: Team> TeamEngine<T> {
    /// A freshly drawn network. The other members must [`serve`] the same config.
    ///
    /// # Errors
    /// If a member is lost.
    pub fn new(team: T, config: &Config) -> Result<Self, Lost> {
        let mut engine = Self::blank(team, config);
        engine.give_order(Order::Draw, None)?;
        engine.draw(config);
        Ok(engine)
    }

    /// A network of the config's shape, with the velocities of its momentum. The other members must [`serve`] the same
    /// config.
    ///
    /// # Errors
    /// If a member is lost.
    pub fn resumed(team: T, config: &Config, net: Mlp<f32>, velocity: Option<Gradients<f32>>) -> Result<Self, Lost> {
        let mut engine = Self::blank(team, config);
        for (part, whole) in [(Part::Weights, Some(&net.layers)), (Part::Velocity, velocity.as_ref())] {
            if let Some(whole) = whole {
                engine.give_order(Order::Take(part), None)?;
                engine.take(part, Some(whole))?;
            }
        }
        Ok(engine)
    }

    fn blank(team: T, config: &Config) -> Self {
        let board = Board::new(team, board_len(config));
        let layers = zeros(&config.widths(), |outputs| board.own(outputs).len());
        Self::of_rows(board, config.widths(), layers, config)
    }

    fn of_rows(board: Board<T>, widths: Vec<usize>, layers: Vec<Linear<f32>>, config: &Config) -> Self {
        let (kept, sgd) = (layers.clone(), Sgd::new(&layers, config.momentum, config.weight_decay));
        let work = Work { least: most_rows(config), ..Work::default() };
        Self { board, widths, layers, kept, sgd, work }
    }

    /// Draws the own rows: every member draws the same numbers, and leaves out the others'.
    fn draw(&mut self, config: &Config) {
        let mut rng = rng(config.seed, Purpose::Init, 0);
        for (rows, &outputs) in self.layers.iter_mut().zip(&self.widths[1..]) {
            config.init.fill(&mut rng, outputs, self.board.own(outputs).start, rows);
        }
        self.remember();
    }

    fn remember(&mut self) {
        self.kept.iter_mut().zip(&self.layers).for_each(|(kept, layer)| kept.assign(layer));
    }

    fn go_back(&mut self) {
        self.layers.iter_mut().zip(&self.kept).for_each(|(layer, kept)| layer.assign(kept));
    }

    /// Tells the others what all do next, and shows them the batch for it.
    fn give_order(&mut self, order: Order, batch: Option<(Input, &[u8])>) -> Result<(), Lost> {
        if self.board.size() == 1 {
            return Ok(());
        }
        Batch::show(&mut self.board, order, batch);
        self.board.meet()
    }

    fn obey(&mut self, order: Order, batch: &Batch, config: &Config) -> Result<(), Lost> {
        let (input, labels) = batch.seen();
        let x = input.operand();
        match order {
            Order::Draw => self.draw(config),
            Order::Take(part) => self.take(part, None)?,
            Order::Train { rate, .. } => drop(self.train(x, labels, rate)?),
            Order::Measure { .. } => self.forward(x)?,
            Order::Differentiate { .. } => drop(self.differentiate(x, labels, &mut |_| ())?),
            Order::Give(part) => self.give(part, &mut |_| ())?,
            Order::Keep => self.remember(),
            Order::Restore => self.go_back(),
            Order::CountMemory => drop(self.count_memory()?),
            Order::End => {}
        }
        Ok(())
    }

    /// The activations of all layers for x (B×in).
    fn forward(&mut self, x: Operand<f32>) -> Result<(), Lost> {
        let rows = x.dim().0;
        self.work.fit(rows, &self.widths, &self.board);
        let last = self.layers.len() - 1;
        for (i, layer) in self.layers.iter().enumerate() {
            let (before, after) = self.work.outputs.split_at_mut(i);
            let input = before.last().map_or(x.reborrow(), |h| h.slice(s![..rows, ..]).into());
            let own = self.board.own(self.widths[i + 1]);
            let mut output = after[0].slice_mut(s![..rows, ..]);
            let mut z = output.slice_mut(s![.., own]);
            layer.forward(input, z.view_mut());
            if i < last {
                relu::forward(z);
            }
            share_columns(&mut self.board, output, &mut self.work.passed)?;
        }
        Ok(())
    }

    fn train(&mut self, x: Operand<f32>, labels: &[u8], rate: f32) -> Result<f32, Lost> {
        self.forward(x)?;
        let sgd = &mut self.sgd;
        let update = |i: usize, layer: &mut Linear<f32>, x: Operand<f32>, dz: ArrayView2<f32>| {
            sgd.update(i, layer, x, dz, rate);
        };
        backward(&mut self.board, &mut self.layers, &mut self.work, x, labels, update)
    }

    /// The gradients, whose pieces member 0 takes.
    fn differentiate(&mut self, x: Operand<f32>, labels: &[u8], take: &mut dyn FnMut(&[f32])) -> Result<f32, Lost> {
        self.forward(x)?;
        let mut gradients = zeros(&self.widths, |outputs| self.board.own(outputs).len());
        let keep = |i: usize, layer: &mut Linear<f32>, x: Operand<f32>, dz: ArrayView2<f32>| {
            let gradient = &mut gradients[i];
            layer.backward(x, dz, gradient.weight.view_mut(), gradient.bias.view_mut(), None);
        };
        let loss = backward(&mut self.board, &mut self.layers, &mut self.work, x, labels, keep)?;
        give_rows(&mut self.board, &gradients, &self.widths, take)?;
        Ok(loss)
    }

    fn give(&mut self, part: Part, take: &mut dyn FnMut(&[f32])) -> Result<(), Lost> {
        match part {
            Part::Weights => give_rows(&mut self.board, &self.layers, &self.widths, take),
            Part::Velocity => {
                let velocity = self.sgd.velocity();
                velocity.map_or(Ok(()), |velocity| give_rows(&mut self.board, velocity, &self.widths, take))
            }
        }
    }

    fn take(&mut self, part: Part, whole: Option<&Vec<Linear<f32>>>) -> Result<(), Lost> {
        match part {
            Part::Weights => {
                take_rows(&mut self.board, &mut self.layers, &self.widths, whole)?;
                self.remember();
                Ok(())
            }
            Part::Velocity => {
                let velocity = self.sgd.velocity_mut();
                velocity.map_or(Ok(()), |velocity| take_rows(&mut self.board, velocity, &self.widths, whole))
            }
        }
    }

    fn count_memory(&mut self) -> Result<u64, Lost> {
        const PAGE: u64 = 1 << 16;
        let mut pages = own_memory_pages() as u64;
        let size = self.board.size();
        if size > 1 {
            let mut all = vec![0.0; size];
            self.board.write(self.board.rank(), &[pages as f32]);
            self.board.meet()?;
            self.board.read(0, &mut all);
            pages = all.iter().map(|&pages| pages as u64).sum();
        }
        let is_counted = pages > 0 && size > 1;
        Ok(pages * PAGE + if is_counted { 2 * 4 * self.board.room() as u64 } else { 0 })
    }
}

impl LocalEngine {
    /// A freshly drawn network.
    pub fn drawn(config: &Config) -> Self {
        Self::new(Solo, config).expect("nobody to lose")
    }

    /// A network, before its first step with the config's momentum and weight decay.
    pub fn of(config: &Config, net: Mlp<f32>) -> Self {
        let inputs = net.layers[0].weight.ncols();
        let widths = [inputs].into_iter().chain(net.layers.iter().map(|layer| layer.bias.len())).collect();
        Self::of_rows(Board::new(Solo, 0), widths, net.layers, config)
    }
}

/// A member's life: it does what member 0 orders, until that ends. `config` is the run's.
///
/// # Errors
/// If another member is lost.
pub fn serve(team: impl Team, config: &Config) -> Result<(), Lost> {
    let mut engine = TeamEngine::blank(team, config);
    let mut batch = Batch::new(engine.widths[0]);
    loop {
        engine.board.meet()?;
        match batch.see(&mut engine.board)? {
            Order::End => return Ok(()),
            order => engine.obey(order, &batch, config)?,
        }
    }
}

impl<T: Team> Drop for TeamEngine<T> {
    fn drop(&mut self) {
        if self.board.rank() == 0 {
            // Who is lost needs no end.
            let _lost = self.give_order(Order::End, None);
        }
    }
}

impl<T: Team> Engine for TeamEngine<T> {
    fn step<'a>(&mut self, input: impl Into<Input<'a>>, labels: &[u8], rate: f32) -> Result<f32, Lost> {
        let input = input.into();
        self.give_order(Order::Train { rows: input.rows(), rate }, Some((input, labels)))?;
        self.train(input.operand(), labels, rate)
    }

    fn logits<'a>(&mut self, input: impl Into<Input<'a>>) -> Result<ArrayView2<'_, f32>, Lost> {
        let input = input.into();
        let rows = input.rows();
        self.give_order(Order::Measure { rows }, Some((input, &[])))?;
        self.forward(input.operand())?;
        Ok(self.work.outputs[self.layers.len() - 1].slice(s![..rows, ..]))
    }

    fn hidden(&self, rows: usize) -> Vec<ArrayView2<'_, f32>> {
        let hidden = &self.work.outputs[..self.layers.len() - 1];
        hidden.iter().map(|h| h.slice(s![..rows, ..])).collect()
    }

    fn gradients<'a>(&mut self, input: impl Into<Input<'a>>, labels: &[u8]) -> Result<Gradients<f32>, Lost> {
        let (input, widths) = (input.into(), self.widths.clone());
        self.give_order(Order::Differentiate { rows: input.rows() }, Some((input, labels)))?;
        collected(&widths, |take| self.differentiate(input.operand(), labels, take).map(drop))
    }

    fn widths(&self) -> &[usize] {
        &self.widths
    }

    fn gather(&mut self, part: Part, take: &mut dyn FnMut(&[f32])) -> Result<(), Lost> {
        self.give_order(Order::Give(part), None)?;
        self.give(part, take)
    }

    fn keep(&mut self) -> Result<(), Lost> {
        self.give_order(Order::Keep, None)?;
        self.remember();
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Lost> {
        self.give_order(Order::Restore, None)?;
        self.go_back();
        Ok(())
    }

    fn memory_bytes(&mut self) -> Result<u64, Lost> {
        self.give_order(Order::CountMemory, None)?;
        self.count_memory()
    }
}

impl Work {
    fn fit<T: Team>(&mut self, rows: usize, widths: &[usize], board: &Board<T>) {
        if self.rows >= rows {
            return;
        }
        // The old ones first: memory that a browser has given is never given back.
        *self = Self { least: self.least, ..Self::default() };
        let rows = rows.max(self.least);
        self.rows = rows;
        self.outputs = widths[1..].iter().map(|&width| ndarray::Array2::zeros((rows, width))).collect();
        // The last member has the most.
        let widest = widths[1..].iter().map(|&width| board.rows_of(board.size() - 1, width).len()).max().unwrap_or(0);
        for buffer in [&mut self.dz, &mut self.below] {
            *buffer = vec![0.0; rows * widest];
        }
        if board.size() > 1 {
            self.passed = vec![0.0; rows * widest];
        }
    }
}

/// Fills in the columns of h (rows×width) that others have.
fn share_columns<T: Team>(board: &mut Board<T>, mut h: ArrayViewMut2<f32>, passed: &mut [f32]) -> Result<(), Lost> {
    let (rank, size, (rows, width)) = (board.rank(), board.size(), h.dim());
    if board.is_whole(width) {
        return Ok(());
    }
    let own = board.own(width);
    let mut shown = matrix_mut(passed, rows, own.len());
    shown.assign(&h.slice(s![.., own.clone()]));
    board.write(rows * own.start, &passed[..rows * own.len()]);
    board.meet()?;
    for other in (0..size).filter(|&other| other != rank) {
        let block = board.rows_of(other, width);
        board.read(rows * block.start, &mut passed[..rows * block.len()]);
        h.slice_mut(s![.., block.clone()]).assign(&matrix(passed, rows, block.len()));
    }
    Ok(())
}

/// The mean loss after [`TeamEngine::forward`] for x (B×in) with B labels. For each layer from the last, `apply` gets its
/// index, its own rows, its input and the own columns of its ∂L/∂z, when its weights are no longer needed.
fn backward<T: Team>(
    board: &mut Board<T>,
    layers: &mut [Linear<f32>],
    work: &mut Work,
    x: Operand<f32>,
    labels: &[u8],
    mut apply: impl FnMut(usize, &mut Linear<f32>, Operand<f32>, ArrayView2<f32>),
) -> Result<f32, Lost> {
    let (rank, size, rows, last) = (board.rank(), board.size(), x.dim().0, layers.len() - 1);
    let mut logits = work.outputs[last].slice_mut(s![..rows, ..]);
    let loss = cross_entropy::forward(logits.view_mut(), labels);
    cross_entropy::backward(logits.view_mut(), labels);
    let own = board.own(logits.ncols());
    matrix_mut(&mut work.dz, rows, own.len()).assign(&logits.slice(s![.., own]));
    for i in (0..=last).rev() {
        let layer = &mut layers[i];
        let dz = matrix(&work.dz, rows, layer.bias.len());
        let mut input = x.reborrow();
        if i > 0 {
            let h = work.outputs[i - 1].slice(s![..rows, ..]);
            input = h.into();
            let (width, columns) = (h.ncols(), board.own(h.ncols()));
            let mut dh = matrix_mut(&mut work.below, rows, columns.len());
            layer.input_gradient(dz, columns.clone(), dh.view_mut());
            // Where every member has the layer, nothing is missing.
            let rounds = if board.is_whole(work.outputs[i].ncols()) { 0..0 } else { 1..size };
            if board.is_whole(width) && !rounds.is_empty() {
                add_up(board, dh.view_mut(), &mut work.passed)?;
            } else {
                // In each round every member passes a summand on, each to another member.
                for round in rounds {
                    let theirs = board.rows_of((rank + round) % size, width);
                    layer.input_gradient(dz, theirs.clone(), matrix_mut(&mut work.passed, rows, theirs.len()));
                    board.write(rows * theirs.start, &work.passed[..rows * theirs.len()]);
                    board.meet()?;
                    board.read(rows * columns.start, &mut work.passed[..rows * columns.len()]);
                    dh += &matrix(&work.passed, rows, columns.len());
                }
            }
            relu::backward(h.slice(s![.., columns]), dh);
        }
        apply(i, layer, input, dz);
        std::mem::swap(&mut work.dz, &mut work.below);
    }
    Ok(loss as f32)
}

/// Adds up every member's summand of a whole dh (rows×width), in the order of ranks, so that all get the same.
fn add_up<T: Team>(board: &mut Board<T>, mut dh: ArrayViewMut2<f32>, passed: &mut [f32]) -> Result<(), Lost> {
    let (numbers, rank, (rows, width)) = (dh.len(), board.rank(), dh.dim());
    board.write(rank * numbers, dh.as_slice().expect("contiguous"));
    board.meet()?;
    dh.fill(0.0);
    for other in 0..board.size() {
        board.read(other * numbers, &mut passed[..numbers]);
        dh += &matrix(passed, rows, width);
    }
    Ok(())
}

/// Hands all rows of all layers to member 0's `take`: layer by layer the weights and then the biases, each from rank 0 on.
fn give_rows<T: Team>(
    board: &mut Board<T>,
    layers: &[Linear<f32>],
    widths: &[usize],
    take: &mut dyn FnMut(&[f32]),
) -> Result<(), Lost> {
    let mut passed = Vec::new();
    for (layer, pair) in layers.iter().zip(widths.windows(2)) {
        for (own, columns) in [(layer.weight.as_slice(), pair[0]), (layer.bias.as_slice(), 1)] {
            let own = own.expect("contiguous");
            if board.rank() == 0 {
                take(own);
            }
            // Member 0 has a whole layer itself.
            let pieces = if board.is_whole(pair[1]) { Vec::new() } else { pieces(board, pair[1], columns) };
            for (other, piece) in pieces {
                if board.rank() == other {
                    board.write(0, &own[piece.clone()]);
                }
                board.meet()?;
                if board.rank() == 0 {
                    passed.resize(piece.len(), 0.0);
                    board.read(0, &mut passed);
                    take(&passed);
                }
            }
        }
    }
    Ok(())
}

/// The other way round: the own rows of `whole`, which member 0 has.
fn take_rows<T: Team>(
    board: &mut Board<T>,
    layers: &mut [Linear<f32>],
    widths: &[usize],
    whole: Option<&Vec<Linear<f32>>>,
) -> Result<(), Lost> {
    for (i, (layer, pair)) in layers.iter_mut().zip(widths.windows(2)).enumerate() {
        let whole = whole.map(|layers| &layers[i]);
        let whole = [whole.and_then(|layer| layer.weight.as_slice()), whole.and_then(|layer| layer.bias.as_slice())];
        let parts = [(layer.weight.as_slice_mut(), pair[0]), (layer.bias.as_slice_mut(), 1)];
        for ((own, columns), whole) in parts.into_iter().zip(whole) {
            let own = own.expect("contiguous");
            if let Some(whole) = whole {
                own.copy_from_slice(&whole[..own.len()]);
            }
            for (other, piece) in pieces(board, pair[1], columns) {
                if let Some(whole) = whole {
                    let start = board.rows_of(other, pair[1]).start * columns;
                    board.write(0, &whole[start..][piece.clone()]);
                }
                board.meet()?;
                if board.rank() == other {
                    board.read(0, &mut own[piece]);
                }
            }
        }
    }
    Ok(())
}

/// The pieces in which the rows of members 1 and on are passed: whose, and which of its numbers.
fn pieces<T: Team>(board: &Board<T>, rows: usize, columns: usize) -> Vec<(usize, std::ops::Range<usize>)> {
    let (size, room) = (board.size(), board.room());
    let of = |member: usize| {
        let count = board.rows_of(member, rows).len() * columns;
        (0..count).step_by(room.max(1)).map(move |start| (member, start..(start + room).min(count)))
    };
    (1..size).flat_map(of).collect()
}

/// Layers of zeros, with so many rows for so many outputs.
fn zeros<E: Element>(widths: &[usize], rows: impl Fn(usize) -> usize) -> Vec<Linear<E>> {
    widths.windows(2).map(|pair| Linear::zeros(pair[0], rows(pair[1]))).collect()
}

/// Whole layers, from what `give` hands over piece by piece.
fn collected<E: Element>(
    widths: &[usize],
    give: impl FnOnce(&mut dyn FnMut(&[f32])) -> Result<(), Lost>,
) -> Result<Vec<Linear<E>>, Lost> {
    let mut layers = zeros(widths, |outputs| outputs);
    let mut places = layers.iter_mut().flat_map(|layer| layer.weight.iter_mut().chain(&mut layer.bias));
    give(&mut |piece| {
        // In this order, or a place would be taken for nothing at the end of each piece.
        for (&value, place) in piece.iter().zip(places.by_ref()) {
            *place = E::from_f64(value.into());
        }
    })?;
    Ok(layers)
}

fn matrix(numbers: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, columns), &numbers[..rows * columns]).expect("as many")
}

fn matrix_mut(numbers: &mut [f32], rows: usize, columns: usize) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape((rows, columns), &mut numbers[..rows * columns]).expect("as many")
}

fn own_memory_pages() -> usize {
    #[cfg(target_arch = "wasm32")]
    return core::arch::wasm32::memory_size::<0>();
    #[cfg(not(target_arch = "wasm32"))]
    0
}
