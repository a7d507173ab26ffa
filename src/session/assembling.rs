//! A run whose team is coming together: whoever drives the session brings the other members, which takes a while.

use crate::data::Dataset;
use crate::nn::Mlp;
use crate::protocol::{Command, EndReason, Event, RunId};
use crate::train::model::Origin;
use crate::train::{Checkpoint, CheckpointError, Config, ConfigError, Lost, RateChange, Team, Trainer};

use super::run::TeamTrainer;

/// A run before its first piece of work.
pub(super) struct Assembling {
    pub(super) id: RunId,
    beginning: Beginning,
    pub(super) is_held: bool,
    /// What was asked about its network meanwhile: the last question of each kind.
    questions: Vec<Command>,
}

/// From where a run goes on.
pub(super) enum Beginning {
    Fresh(Config),
    /// A network from a file.
    Model(Config, Box<Mlp<f32>>, Box<Origin>),
    Checkpoint(Box<Checkpoint>, Vec<RateChange>),
}

impl Beginning {
    /// Reads a checkpoint, and checks that a run on these data can go on from it with these learning rates.
    pub(super) fn from_checkpoint(
        bytes: &[u8],
        rate_changes: &[RateChange],
        data: &Dataset,
    ) -> Result<Self, CheckpointError> {
        let checkpoint = Checkpoint::decode(bytes)?;
        checkpoint.check_on(data)?;
        if rate_changes.iter().any(|change| !(change.learning_rate.is_finite() && change.learning_rate > 0.0)) {
            return Err(ConfigError::LearningRate.into());
        }
        Ok(Self::Checkpoint(Box::new(checkpoint), rate_changes.to_vec()))
    }

    pub(super) fn config(&self) -> &Config {
        match self {
            Self::Fresh(config) | Self::Model(config, ..) => config,
            Self::Checkpoint(checkpoint, _) => checkpoint.config(),
        }
    }
}

impl Assembling {
    pub(super) fn new(id: RunId, beginning: Beginning) -> Self {
        Self { id, beginning, is_held: false, questions: Vec::new() }
    }

    pub(super) fn config(&self) -> &Config {
        self.beginning.config()
    }

    /// The epoch of the checkpoint that it goes on from, if it does.
    pub(super) fn checkpoint_epoch(&self) -> Option<usize> {
        match &self.beginning {
            Beginning::Checkpoint(checkpoint, _) => Some(checkpoint.epoch()),
            Beginning::Fresh(_) | Beginning::Model(..) => None,
        }
    }

    /// What was assumed of the file that it begins with, if it does.
    pub(super) fn origin(&self) -> Option<Box<Origin>> {
        match &self.beginning {
            Beginning::Model(_, _, origin) => Some(origin.clone()),
            Beginning::Fresh(_) | Beginning::Checkpoint(..) => None,
        }
    }

    /// The run's trainer, and the epoch of its checkpoint, if it goes on from one.
    pub(super) fn begin(self, team: Box<dyn Team>) -> Result<(TeamTrainer, Option<usize>), Lost> {
        match self.beginning {
            Beginning::Fresh(config) => Ok((Trainer::on(team, config)?, None)),
            Beginning::Model(config, net, _) => Ok((Trainer::from_net_on(team, config, *net)?, None)),
            Beginning::Checkpoint(checkpoint, rate_changes) => {
                let epoch = checkpoint.epoch();
                let mut trainer = Trainer::resume_on(team, *checkpoint)?;
                trainer.plan_learning_rates(&rate_changes).expect("checked");
                Ok((trainer, Some(epoch)))
            }
        }
    }

    /// Keeps a question about its network until there is one.
    pub(super) fn put_off(&mut self, question: Command) {
        let kind = std::mem::discriminant(&question);
        self.questions.retain(|earlier| std::mem::discriminant(earlier) != kind);
        self.questions.push(question);
    }

    /// What was asked meanwhile.
    pub(super) fn take_questions(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.questions)
    }

    /// Said when the team cannot come together.
    pub(super) fn failed(id: RunId, checkpoint: Option<usize>) -> Vec<Event> {
        vec![Event::Ended { run: id, reason: EndReason::Lost { checkpoint } }]
    }

    pub(super) fn hold(&mut self, is_held: bool) -> Vec<Event> {
        self.is_held = is_held;
        let run = self.id;
        vec![if is_held { Event::Paused { run } } else { Event::Resumed { run } }]
    }
}
