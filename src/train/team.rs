//! Members that train one network together, each in its own thread or worker with its own memory.
//!
//! All that they share is a board of bytes, and a place to meet. A member writes, all meet, and then each can read
//! what any has written before. Of every layer, a member owns a [block](block) of rows, and never sees the others'; small
//! layers all have whole.

use std::ops::Range;

use super::Config;

/// Rows of a batch that is only measured.
pub(super) const MEASURED_ROWS: usize = 256;

/// Numbers in front of the batch of an order.
pub(super) const HEADER: usize = 4;

/// Outputs up to which a layer is not divided: products of a few columns cost what those of [`WHOLE`] do, and to share
/// them costs more. Every member has such a layer, and does the same with it.
const WHOLE: usize = 16;

/// A member's view of its team.
pub trait Team {
    /// Its number, from 0. Member 0 gives the orders.
    fn rank(&self) -> usize;

    /// How many members there are, at least 1.
    fn size(&self) -> usize;

    /// Copies bytes to the board, from byte `at` on.
    fn write(&mut self, at: usize, bytes: &[u8]);

    /// Copies bytes from the board, from byte `at` on.
    fn read(&mut self, at: usize, bytes: &mut [u8]);

    /// Returns once every member has called it as often.
    ///
    /// # Errors
    /// If one will not come any more. The team is of no use then.
    fn meet(&mut self) -> Result<(), Lost>;
}

/// A member has crashed, or was ended, so its part of the network is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A worker of this run was lost.")]
pub struct Lost;

/// The team of one, which has nothing to share.
#[derive(Clone, Copy, Debug, Default)]
pub struct Solo;

impl Team for Solo {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn write(&mut self, _: usize, _: &[u8]) {}

    fn read(&mut self, _: usize, _: &mut [u8]) {}

    fn meet(&mut self) -> Result<(), Lost> {
        Ok(())
    }
}

impl<T: Team + ?Sized> Team for Box<T> {
    fn rank(&self) -> usize {
        (**self).rank()
    }

    fn size(&self) -> usize {
        (**self).size()
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        (**self).write(at, bytes);
    }

    fn read(&mut self, at: usize, bytes: &mut [u8]) {
        (**self).read(at, bytes);
    }

    fn meet(&mut self) -> Result<(), Lost> {
        (**self).meet()
    }
}

/// The rows that a member owns of a layer with so many: one after the other in the order of ranks, of sizes that differ
/// by at most 1; some are empty if there are fewer rows than members.
pub fn block(rank: usize, size: usize, rows: usize) -> Range<usize> {
    rows * rank / size..rows * (rank + 1) / size
}

/// The rows that a member has of a layer: its [`block`], or all of a small one.
pub(super) fn rows_of(rank: usize, size: usize, rows: usize) -> Range<usize> {
    if rows <= WHOLE { 0..rows } else { block(rank, size, rows) }
}

/// The most rows of a batch.
pub(super) fn most_rows(config: &Config) -> usize {
    config.batch_size.max(MEASURED_ROWS)
}

/// How many numbers the board must hold for a run.
pub fn board_len(config: &Config) -> usize {
    let (inputs, widest) = config
        .widths()
        .split_first()
        .map_or((0, 0), |(inputs, outputs)| (*inputs, outputs.iter().copied().max().unwrap_or(0)));
    let rows = most_rows(config);
    2 * (HEADER + rows * (inputs + 1).max(widest))
}

/// The board as two halves in turn. While the members read what was written before they last met, they write to the
/// other half; nobody can be two meetings ahead, so nothing is written over that is still to be read.
pub(super) struct Board<T> {
    team: T,
    half: usize,
    turn: usize,
}

impl<T: Team> Board<T> {
    /// Of a board with so many numbers.
    pub(super) fn new(team: T, len: usize) -> Self {
        Self { team, half: len / 2, turn: 0 }
    }

    pub(super) fn rank(&self) -> usize {
        self.team.rank()
    }

    pub(super) fn size(&self) -> usize {
        self.team.size()
    }

    /// The numbers that can be written between two meetings.
    pub(super) fn room(&self) -> usize {
        self.half
    }

    /// Whether every member has all of a layer with so many rows.
    pub(super) fn is_whole(&self, rows: usize) -> bool {
        self.rows_of(0, rows).len() == rows
    }

    /// The rows that a member has of so many.
    pub(super) fn rows_of(&self, rank: usize, rows: usize) -> Range<usize> {
        rows_of(rank, self.size(), rows)
    }

    /// The rows that this member has of so many.
    pub(super) fn own(&self, rows: usize) -> Range<usize> {
        self.rows_of(self.rank(), rows)
    }

    /// Writes numbers, from place `at` on, that are to be read after the next meeting.
    pub(super) fn write(&mut self, at: usize, values: &[f32]) {
        self.write_bytes(size_of::<f32>() * at, bytemuck::cast_slice(values));
    }

    /// Reads numbers that were written before the last meeting.
    pub(super) fn read(&mut self, at: usize, values: &mut [f32]) {
        self.read_bytes(size_of::<f32>() * at, bytemuck::cast_slice_mut(values));
    }

    /// The same of bytes, from byte `at` on.
    pub(super) fn write_bytes(&mut self, at: usize, bytes: &[u8]) {
        let half = size_of::<f32>() * self.half;
        debug_assert!(at + bytes.len() <= half, "{at} + {} in {half}", bytes.len());
        if !bytes.is_empty() {
            self.team.write(self.turn * half + at, bytes);
        }
    }

    /// The same of bytes, from byte `at` on.
    pub(super) fn read_bytes(&mut self, at: usize, bytes: &mut [u8]) {
        if !bytes.is_empty() {
            self.team.read((1 - self.turn) * size_of::<f32>() * self.half + at, bytes);
        }
    }

    pub(super) fn meet(&mut self) -> Result<(), Lost> {
        self.team.meet()?;
        self.turn = 1 - self.turn;
        Ok(())
    }
}
