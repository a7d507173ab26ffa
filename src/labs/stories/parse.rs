//! A story from its text.

use super::markup::{MarkupError, html};
use super::math::mathml;
use super::{Ask, Block, Check, Choice, Part, Quantity, Scene, Step, Story, challenge};
use crate::labs::backprop::derivation::Section;
use crate::labs::train::recorded;

/// What is wrong with a text, and in which line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Story {story}, line {line}: {problem}.")]
pub struct ParseError {
    /// Its name.
    pub story: String,
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// What a step has said of what it asks, before it is known to be whole.
#[derive(Default)]
struct Asked {
    task: Option<String>,
    check: Option<Check>,
    predict: Option<(Quantity, String)>,
    then: Option<Scene>,
    question: Option<String>,
    answers: Vec<Choice>,
    challenge: Option<&'static crate::labs::challenges::Challenge>,
}

/// A step being read.
struct Draft {
    step: Step,
    asked: Asked,
    paragraph: Vec<String>,
    code: Option<(String, Vec<String>)>,
}

/// The story that a text tells.
///
/// # Errors
/// If the text is not written as the [module](super) says.
pub fn parse(name: &'static str, text: &str) -> Result<Story, ParseError> {
    let mut story = Story { name, title: String::new(), question: String::new(), about: String::new(), steps: vec![] };
    let mut draft: Option<Draft> = None;
    let mut count = 0;
    for (index, line) in text.lines().enumerate() {
        count = index + 1;
        let at = |problem: String| ParseError { story: name.into(), line: index + 1, problem };
        if let Some(title) = line.strip_prefix("== ") {
            if let Some(draft) = draft.take() {
                story.steps.push(draft.finish().map_err(at)?);
            }
            draft = Some(Draft::new(title.trim()));
        } else if let Some(draft) = &mut draft {
            draft.take(line).map_err(at)?;
        } else if !line.trim().is_empty() {
            let (word, value) = line.split_once(':').ok_or_else(|| at("this stands before the first step".into()))?;
            let slot = match word {
                "title" => &mut story.title,
                "question" => &mut story.question,
                "about" => &mut story.about,
                _ => return Err(at(format!("“{word}” is not said of a story; title, question and about are"))),
            };
            *slot = value.trim().to_owned();
        }
    }
    let at = |problem: &str| ParseError { story: name.into(), line: count, problem: problem.into() };
    if let Some(draft) = draft {
        story.steps.push(draft.finish().map_err(|problem| at(&problem))?);
    }
    if story.title.is_empty() || story.question.is_empty() || story.about.is_empty() {
        return Err(at("a story has a title, a question and an about"));
    }
    match story.steps.first() {
        Some(first) if first.scene.is_some() => Ok(story),
        Some(_) => Err(at("the first step has no lab")),
        None => Err(at("there are no steps; each begins with a line == heading")),
    }
}

impl Draft {
    fn new(title: &str) -> Self {
        let step = Step { title: title.to_owned(), scene: None, blocks: vec![], ask: Ask::Nothing, after: None };
        Self { step, asked: Asked::default(), paragraph: vec![], code: None }
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        if let Some((language, mut lines)) = self.code.take() {
            if line.trim() == "```" {
                self.step.blocks.push(Block::Code(language, lines.join("\n")));
            } else {
                lines.push(line.to_owned());
                self.code = Some((language, lines));
            }
            return Ok(());
        }
        if let Some(language) = line.strip_prefix("```") {
            self.end_paragraph()?;
            self.code = Some((language.trim().to_owned(), vec![]));
            return Ok(());
        }
        if line.trim().is_empty() {
            return self.end_paragraph();
        }
        if let Some((word, value)) = line.split_once(": ")
            && self.direct(word, value.trim())?
        {
            return Ok(());
        }
        let line = line.trim();
        if let Some(point) = line.strip_prefix("- ") {
            self.end_paragraph()?;
            let point = said(html(point))?;
            match self.step.blocks.last_mut() {
                Some(Block::List(points)) => points.push(point),
                _ => self.step.blocks.push(Block::List(vec![point])),
            }
        } else if let Some(formula) = line.strip_prefix("$$").and_then(|rest| rest.strip_suffix("$$")) {
            self.end_paragraph()?;
            let formula = mathml(formula, true).map_err(|error| error.to_string())?;
            self.step.blocks.push(Block::Formula(formula));
        } else {
            self.paragraph.push(line.to_owned());
        }
        Ok(())
    }

    /// Takes what `word: value` says. Returns whether it says anything.
    fn direct(&mut self, word: &str, value: &str) -> Result<bool, String> {
        let pair = || value.split_once(" | ").ok_or_else(|| format!("“{word}” has two parts, with | between"));
        let asked = &mut self.asked;
        match word {
            "lab" => self.step.scene = Some(Scene::read(value)?),
            "after" => self.step.after = Some(said(html(value))?),
            "do" => asked.task = Some(said(html(value))?),
            "check" => {
                asked.check = Some(Check::read(value).ok_or_else(|| format!("“{value}” is nothing to check"))?);
            }
            "predict" => {
                let (quantity, question) = pair()?;
                let known = Quantity::read(quantity).ok_or_else(|| format!("“{quantity}” is nothing to predict"))?;
                asked.predict = Some((known, said(html(question))?));
            }
            "then" => asked.then = Some(Scene::read(value)?),
            "ask" => asked.question = Some(said(html(value))?),
            "option" | "right" => {
                let (words, why) = pair()?;
                let is_right = word == "right";
                asked.answers.push(Choice { words: said(html(words))?, why: said(html(why))?, is_right });
            }
            "challenge" => {
                asked.challenge = Some(challenge(value).ok_or_else(|| format!("“{value}” is no challenge"))?);
            }
            "show" => {
                let part = Part::read(value).ok_or_else(|| format!("“{value}” is nothing to show"))?;
                self.end_paragraph()?;
                self.step.blocks.push(Block::Part(part));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn end_paragraph(&mut self) -> Result<(), String> {
        if !self.paragraph.is_empty() {
            let text = std::mem::take(&mut self.paragraph).join(" ");
            self.step.blocks.push(Block::Paragraph(said(html(&text))?));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Step, String> {
        if self.code.is_some() {
            return Err("a program has no end".into());
        }
        self.end_paragraph()?;
        self.step.ask = self.asked.finish()?;
        Ok(self.step)
    }
}

impl Asked {
    fn finish(self) -> Result<Ask, String> {
        let Self { task, check, predict, then, question, answers, challenge } = self;
        match (task, check, predict, then, question, challenge) {
            (None, None, None, None, None, None) if answers.is_empty() => Ok(Ask::Nothing),
            (Some(task), Some(check), None, None, None, None) if answers.is_empty() => Ok(Ask::Do { task, check }),
            (None, None, Some((quantity, question)), Some(then), None, None) if answers.is_empty() => {
                match quantity.of(&then) {
                    Some(_) => Ok(Ask::Predict { question, quantity, then }),
                    None => Err("the state to predict for has no such number".into()),
                }
            }
            (None, None, None, None, Some(question), None) => {
                let right = answers.iter().filter(|answer| answer.is_right).count();
                if right == 1 && answers.len() > 1 {
                    Ok(Ask::Choose { question, answers })
                } else {
                    Err("a question has one right answer and at least one other".into())
                }
            }
            (None, None, None, None, None, Some(challenge)) if answers.is_empty() => Ok(Ask::Challenge(challenge)),
            _ => Err("a step asks one thing, and all that belongs to it: do and check, predict and then, ask with option and right, or challenge".into()),
        }
    }
}

impl Part {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "derivation 8a" => Self::Derivation(Section::Chain),
            "relations" => Self::Derivation(Section::Relations),
            "derivation 8b" => Self::Derivation(Section::Collect),
            "faces" => Self::Faces,
            _ => {
                let names = text.strip_prefix("recorded ")?.split(", ");
                Self::Recorded(names.map(recorded::find).collect::<Option<_>>()?)
            }
        })
    }
}

fn said(result: Result<String, MarkupError>) -> Result<String, String> {
    result.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "title: T\nquestion: 9\nabout: A\n\n== One\nlab: function\n\nWords.\n";

    fn problem(more: &str) -> String {
        parse("t", &format!("{HEAD}{more}")).expect_err("wrong").problem
    }

    #[test]
    fn a_step_is_made_of_its_lines() {
        let text = format!(
            "{HEAD}more words\n\n- a\n- b\n$$ x $$\n```numpy\na = 1\n\nb: 2\n```\ndo: Act.\ncheck: kinks = 2\nafter: So."
        );
        let story = parse("t", &text).expect("a story");
        let step = &story.steps[0];
        let words = Block::Paragraph("Words. more words".into());
        let points = Block::List(vec!["a".into(), "b".into()]);
        let code = Block::Code("numpy".into(), "a = 1\n\nb: 2".into());
        assert_eq!([&step.blocks[0], &step.blocks[1], &step.blocks[3]], [&words, &points, &code]);
        assert!(matches!(&step.blocks[2], Block::Formula(formula) if formula.contains("<mi>x</mi>")));
        assert!(matches!(step.ask, Ask::Do { check: Check::Kinks(super::super::Wanted::Exactly(2)), .. }));
        assert_eq!(step.after.as_deref(), Some("So."));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let error = parse("t", "title: T\nfoo: bar").expect_err("wrong");
        assert_eq!((error.line, error.to_string().starts_with("Story t, line 2: “foo”")), (2, true));
        assert!(problem("do: x").starts_with("a step asks one thing"));
        assert!(problem("do: x\ncheck: magic").contains("nothing to check"));
        assert!(problem("challenge: none").contains("no challenge"));
        assert!(problem("ask: x\noption: a | b").contains("one right answer"));
        assert!(problem("predict: kinks | x\nthen: path").contains("no such number"));
        assert!(problem("lab: attic").contains("none of the labs"));
        assert!(problem("2 * 3\n").contains("never closes"));
        assert!(problem("```\nx").contains("no end"));
        assert!(problem("show: recorded plain, none").contains("nothing to show"));
        assert!(problem("lab: train?rate=0").contains("learning rate"));
    }

    #[test]
    fn a_story_has_a_title_and_begins_in_a_lab() {
        assert!(parse("t", "== One\nWords.").expect_err("wrong").problem.contains("title"));
        assert!(
            parse("t", "title: T\nquestion: 1\nabout: A\n== One\nWords.")
                .expect_err("wrong")
                .problem
                .contains("no lab")
        );
    }
}
