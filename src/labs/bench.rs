//! The bench page: what was measured, and what is being measured.

use super::numbers::{count, counted};
use crate::protocol::{About, Command, Event, GrowthPoint, Over, Speeds};

/// The page's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenchLab {
    /// The last measurement of speeds.
    pub speeds: Speeds,
    /// How the cost grows: the last measurement of each size, by rising size.
    pub growth: Vec<GrowthPoint>,
    /// By what it is shown.
    pub over: Over,
    /// What is measured, or was last.
    pub task: Task,
    /// Measurements done, and in all, while it runs.
    pub running: Option<(usize, usize)>,
    /// Why it could not run.
    pub error: Option<String>,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Task {
    /// Speeds.
    #[default]
    Speeds,
    /// How the cost grows.
    Growth,
    /// The same, of the homework's width.
    LargeGrowth,
}

impl Task {
    /// What tells the worker to measure it.
    pub fn command(self) -> Command {
        match self {
            Self::Speeds => Command::Bench,
            Self::Growth => Command::Growth { is_large: false },
            Self::LargeGrowth => Command::Growth { is_large: true },
        }
    }
}

impl BenchLab {
    /// A measurement was asked for.
    pub fn start(&mut self, task: Task) {
        *self = Self { running: Some((0, 1)), task, error: None, ..std::mem::take(self) };
    }

    /// What to say in place of a table of speeds, while there are none.
    pub fn empty_text(&self) -> &'static str {
        match (self.running, self.task) {
            (Some(_), Task::Speeds) => "Warming up. The first rows come in a moment.",
            _ => "Nothing has been measured yet. Press Measure; it takes a few seconds.",
        }
    }

    /// The points of what is shown, by rising size.
    pub fn shown(&self) -> impl Iterator<Item = &GrowthPoint> {
        self.growth.iter().filter(|point| point.over == self.over)
    }

    /// All points as CSV.
    pub fn growth_csv(&self) -> String {
        let mut csv = String::from("over,at,images a step,best ms,median ms,ms at the limit\n");
        for GrowthPoint { over, at, best_ms, median_ms, limit_ms, images } in &self.growth {
            csv += &format!("{},{at},{images},{best_ms},{median_ms},{limit_ms}\n", word(*over));
        }
        csv
    }

    fn add(&mut self, point: GrowthPoint) {
        self.growth.retain(|old| (old.over, old.at) != (point.over, point.at));
        self.growth.push(point);
        self.growth.sort_by_key(|point| (point.over, point.at));
    }

    /// Takes what the worker says.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Bench(speeds) => {
                self.running = None;
                self.speeds.clone_from(speeds);
            }
            Event::Growth { points, is_over, problem } => {
                if *is_over {
                    self.running = None;
                }
                self.error.clone_from(problem);
                points.iter().for_each(|&point| self.add(point));
            }
            Event::BenchProgress { done, total } => self.running = Some((*done, *total)),
            Event::SpeedsSoFar(speeds) => self.speeds.clone_from(speeds),
            // The page says why, and has a button to try again.
            Event::Unavailable { .. } => self.running = None,
            Event::Refused { about: About::Bench, message } => {
                self.running = None;
                self.error = Some(message.clone());
            }
            Event::Crashed { message } if self.running.is_some() => {
                self.running = None;
                self.error = Some(format!("The worker stopped: {message} Measure again."));
            }
            _ => {}
        }
    }
}

/// Where a point is: `width 512`, `batch 256`, `2 workers`.
pub fn place(over: Over, at: usize) -> String {
    match over {
        Over::Width | Over::Batch => format!("{} {}", word(over), count(at)),
        Over::Workers => counted(at, "worker"),
    }
}

/// In one word.
pub fn word(over: Over) -> &'static str {
    match over {
        Over::Width => "width",
        Over::Batch => "batch",
        Over::Workers => "workers",
    }
}
