//! The settings in an address: what differs from those that a visitor finds.

use super::Form;
use super::form::ScheduleKind;
use crate::data::augment::MAX_PADDING;
use crate::data::excerpt;
use crate::nn::Init;

/// Most characters of a value that a link may set.
const MAX_TYPED: usize = 200;

/// What is typed: its name in the address, and its place in the form.
type Typed = (&'static str, fn(&mut Form) -> &mut String);

const TYPED: [Typed; 12] = [
    ("hidden", |form| &mut form.hidden),
    ("rate", |form| &mut form.learning_rate),
    ("batch", |form| &mut form.batch_size),
    ("epochs", |form| &mut form.epochs),
    ("seed", |form| &mut form.seed),
    ("momentum", |form| &mut form.momentum),
    ("decay", |form| &mut form.weight_decay),
    ("every", |form| &mut form.step_every),
    ("factor", |form| &mut form.step_factor),
    ("subset", |form| &mut form.subset),
    ("held-out", |form| &mut form.held_out),
    ("workers", |form| &mut form.workers),
];

/// What is on or off.
type Switch = (&'static str, fn(&mut Form) -> &mut bool);

const SWITCHES: [Switch; 3] = [
    ("crop", |form| &mut form.augment.crop),
    ("flip", |form| &mut form.augment.flip),
    ("random-labels", |form| &mut form.random_labels),
];

/// Why a link's settings cannot be taken. A sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsLinkError {
    /// A name that no setting has.
    #[error("The link sets “{0}”, which is no setting of this lab, so it was not used. Copy the link again.")]
    Name(String),
    /// A value that the setting cannot have.
    #[error("The link’s “{0}” cannot be “{1}”, so it was not used. Copy the link again.")]
    Value(&'static str, String),
}

impl Form {
    /// The settings as text for an address: those that differ from the usual, such as `hidden=128&epochs=5`.
    pub fn encode(&self) -> String {
        let (mut form, mut usual) = (self.clone(), Self::default());
        let mut pairs = Vec::new();
        let mut add = |name: &str, value: String| pairs.push(format!("{name}={}", escaped(&value)));
        if form.init != usual.init {
            add("init", init_word(form.init).into());
        }
        if form.schedule != usual.schedule {
            add("schedule", schedule_word(form.schedule).into());
        }
        if form.augment.padding != usual.augment.padding {
            add("padding", form.augment.padding.to_string());
        }
        for (name, of) in TYPED {
            if of(&mut form) != of(&mut usual) {
                add(name, of(&mut form).clone());
            }
        }
        for (name, of) in SWITCHES {
            if of(&mut form) != of(&mut usual) {
                add(name, u8::from(*of(&mut form)).to_string());
            }
        }
        pairs.join("&")
    }

    /// What [`encode`](Self::encode) wrote. Whether the settings do is found out where typed ones are: at Start.
    ///
    /// # Errors
    /// If a name is no setting's, or a value is none that it can have.
    pub fn decode(text: &str) -> Result<Self, SettingsLinkError> {
        let mut form = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = unescaped(value);
            let wrong = |name| SettingsLinkError::Value(name, excerpt(&value, 20));
            if let Some((name, of)) = TYPED.into_iter().find(|(known, _)| *known == name) {
                if value.chars().count() > MAX_TYPED || value.chars().any(char::is_control) {
                    return Err(wrong(name));
                }
                *of(&mut form) = value;
                form.is_suggested |= name == "workers";
            } else if let Some((name, of)) = SWITCHES.into_iter().find(|(known, _)| *known == name) {
                *of(&mut form) = match value.as_str() {
                    "0" => false,
                    "1" => true,
                    _ => return Err(wrong(name)),
                };
            } else {
                match name {
                    "init" => {
                        let found = [Init::Homework, Init::He].into_iter().find(|init| init_word(*init) == value);
                        form.init = found.ok_or_else(|| wrong("init"))?;
                    }
                    "schedule" => {
                        let all = [ScheduleKind::Constant, ScheduleKind::Step, ScheduleKind::Cosine];
                        let found = all.into_iter().find(|kind| schedule_word(*kind) == value);
                        form.schedule = found.ok_or_else(|| wrong("schedule"))?;
                    }
                    "padding" => {
                        let padding = value.parse().ok().filter(|padding| *padding <= MAX_PADDING);
                        form.augment.padding = padding.ok_or_else(|| wrong("padding"))?;
                    }
                    _ => return Err(SettingsLinkError::Name(excerpt(name, 20))),
                }
            }
        }
        Ok(form)
    }
}

fn init_word(init: Init) -> &'static str {
    match init {
        Init::Homework => "homework",
        Init::He => "he",
    }
}

fn schedule_word(kind: ScheduleKind) -> &'static str {
    match kind {
        ScheduleKind::Constant => "constant",
        ScheduleKind::Step => "step",
        ScheduleKind::Cosine => "cosine",
    }
}

/// Without what parts settings from each other.
fn escaped(value: &str) -> String {
    value.replace('%', "%25").replace('&', "%26").replace('=', "%3D")
}

fn unescaped(value: &str) -> String {
    value.replace("%3D", "=").replace("%26", "&").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::train::presets;

    #[test]
    fn every_preset_and_every_kind_of_change_is_read_back() {
        let mut forms: Vec<Form> = presets().iter().map(|preset| Form::from(&preset.config)).collect();
        for init in [Init::Homework, Init::He] {
            for schedule in [ScheduleKind::Constant, ScheduleKind::Step, ScheduleKind::Cosine] {
                forms.push(Form { init, schedule, ..Form::default() });
            }
        }
        for (_, of) in TYPED {
            let mut form = Form::default();
            *of(&mut form) = "50 per class & 3=%26 %".into();
            forms.push(form);
        }
        for (_, of) in SWITCHES {
            let mut form = Form::default();
            *of(&mut form) ^= true;
            forms.push(form);
        }
        for form in forms {
            let mut read = Form::decode(&form.encode()).expect("what was written is read");
            read.is_suggested = form.is_suggested;
            assert_eq!(read, form, "{}", form.encode());
        }
    }

    #[test]
    fn the_usual_settings_are_no_text_and_no_text_is_the_usual_settings() {
        assert_eq!(Form::default().encode(), "");
        assert_eq!(Form::decode(""), Ok(Form::default()));
    }

    #[test]
    fn a_broken_link_is_one_sentence() {
        let message = |text: &str| Form::decode(text).expect_err(text).to_string();
        assert!(message("speed=3").starts_with("The link sets “speed”, which is no setting of this lab"));
        assert!(message("crop=yes").starts_with("The link’s “crop” cannot be “yes”"));
        assert!(message("padding=200").starts_with("The link’s “padding”"));
        assert!(message("init=zero").starts_with("The link’s “init”"));
        assert!(message("schedule=never").starts_with("The link’s “schedule”"));
        assert!(message(&format!("hidden={}", "9".repeat(MAX_TYPED + 1))).starts_with("The link’s “hidden”"));
        assert!(message("rate=0.1\n").starts_with("The link’s “rate”"));
    }

    #[test]
    fn workers_that_a_link_names_are_not_replaced_by_a_suggestion() {
        assert!(Form::decode("workers=3").expect("fine").is_suggested);
        assert!(!Form::decode("epochs=3").expect("fine").is_suggested);
    }
}
