//! The start of the trainer: which of its two programs is tried, how long one waits, and what is said if none answers.

/// How long a program may be silent, once nothing is on its way any more. Each has some hundreds of kilobytes to compile,
/// which takes a slow phone a second or two.
pub const PATIENCE_MS: u64 = 8_000;

/// How long the server may take to answer when it is asked for one of its files.
pub const ANSWER_MS: u64 = 8_000;

/// How long a file may take to come, once it is on its way.
pub const DOWNLOAD_MS: u64 = 120_000;

/// The trainer is built twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// For browsers with relaxed SIMD.
    Relaxed,
    /// For all.
    Baseline,
}

/// Why a program did not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The browser has no module workers, or may not start one.
    NoWorkers,
    /// One of its files did not come at all.
    Offline,
    /// The server has answered with an error.
    Status {
        /// For which file.
        file: String,
        /// With which code.
        code: u16,
    },
    /// The server did not answer in time, or its files came too slowly.
    Slow,
    /// What came cannot be compiled here.
    Damaged,
    /// All is there, and it says nothing.
    Silent,
}

impl Program {
    /// The one to begin with in a browser that knows relaxed SIMD or does not.
    pub fn first(knows_relaxed: bool) -> Self {
        if knows_relaxed { Self::Relaxed } else { Self::Baseline }
    }

    /// What to try when this one did not start for this reason: nothing that has to come the same way, if that is too slow.
    pub fn next(self, cause: &Cause) -> Option<Self> {
        (self == Self::Relaxed && *cause != Cause::Slow).then_some(Self::Baseline)
    }

    /// Its worker's script, in the folder of the trainers.
    pub fn script(self, folder: &str) -> String {
        format!("{folder}{}_loader.js", self.stem())
    }

    /// All that its worker fetches, the program itself last.
    pub fn files(self, folder: &str) -> [String; 3] {
        let stem = self.stem();
        [self.script(folder), format!("{folder}{stem}.js"), format!("{folder}{stem}_bg.wasm")]
    }

    fn stem(self) -> &'static str {
        match self {
            Self::Relaxed => "trainer_relaxed",
            Self::Baseline => "trainer",
        }
    }
}

impl Cause {
    /// A sentence: what is the matter, and what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::NoWorkers => "The trainer could not be started: this browser has no module workers. Use a current one.".into(),
            Self::Offline => {
                "The trainer could not be fetched: there is no connection to the server. Check the network, then try again.".into()
            }
            Self::Status { file, code } => format!(
                "The trainer could not be fetched: the server answers {code} for {}. Try again; if that does not help, the site is incomplete.",
                file.rsplit('/').next().unwrap_or(file)
            ),
            Self::Slow => {
                "The trainer could not be fetched: the server does not answer, or the connection is too slow. Try again when it is better.".into()
            }
            Self::Damaged => "The trainer is damaged, or this browser cannot compile it. Try again; if that does not help, use a current browser.".into(),
            Self::Silent => "The trainer does not answer. Try again; if that does not help, reload the page.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_program_is_tried_once_and_only_after_the_relaxed_one() {
        assert_eq!(Program::first(true), Program::Relaxed);
        assert_eq!(Program::first(false), Program::Baseline);
        assert_eq!(Program::Relaxed.next(&Cause::Damaged), Some(Program::Baseline));
        assert_eq!(Program::Baseline.next(&Cause::Damaged), None);
        assert_eq!(Program::Relaxed.next(&Cause::Slow), None, "it would come the same way");
    }

    #[test]
    fn a_program_comes_from_the_folder_of_its_version() {
        assert_eq!(Program::Relaxed.script("./trainer-0123/"), "./trainer-0123/trainer_relaxed_loader.js");
        let files = Program::Baseline.files("./");
        assert_eq!(files, ["./trainer_loader.js", "./trainer.js", "./trainer_bg.wasm"]);
    }

    #[test]
    fn every_cause_is_a_sentence_that_says_what_to_do() {
        let status = Cause::Status { file: "./trainer-0123/trainer_bg.wasm".into(), code: 404 };
        assert!(status.sentence().contains("404 for trainer_bg.wasm"));
        for cause in [Cause::NoWorkers, Cause::Offline, status, Cause::Slow, Cause::Damaged, Cause::Silent] {
            let sentence = cause.sentence();
            assert!(
                sentence.ends_with('.') && (sentence.contains("again") || sentence.contains("Use a")),
                "{sentence}"
            );
        }
    }
}
