//! Why the browser keeps nothing, and what is said of it.

/// Why something could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room left.
    Full,
    /// The page may not keep anything: a private window, or storage is blocked.
    Denied,
    /// The browser has no file system for pages, or none on an address that is not safe.
    Missing,
    /// Anything else.
    Other,
}

impl Trouble {
    /// From the name of the exception that a browser throws.
    pub fn of(name: &str) -> Self {
        match name {
            "QuotaExceededError" => Self::Full,
            "SecurityError" | "NotAllowedError" | "InvalidStateError" => Self::Denied,
            "NotSupportedError" | "TypeError" => Self::Missing,
            _ => Self::Other,
        }
    }

    /// Of files that were chosen.
    pub fn of_files(self) -> String {
        let then = "choose them again next time";
        match self {
            Self::Full => format!(
                "The browser’s storage is full, so these files are not kept: {then}, or forget kept runs and files to make room."
            ),
            Self::Denied => format!("This browser lets the page keep nothing, as in a private window: {then}."),
            Self::Missing => format!("This browser cannot keep files for a page at this address: {then}."),
            Self::Other => format!("These files could not be kept: {then}."),
        }
    }

    /// Of a run that was opened from a file, or of a change to a kept one.
    pub fn of_copy(self) -> String {
        match self {
            Self::Full => {
                "The browser’s storage is full, so this was not kept. Forget kept runs or files, then try again."
            }
            Self::Denied => {
                "This browser lets the page keep nothing, as in a private window. Use another window or browser."
            }
            Self::Missing => {
                "This browser cannot keep files for a page at this address. Use another browser or address."
            }
            Self::Other => "This could not be kept. Try again.",
        }
        .into()
    }

    /// Of a run under way, and the epoch of its last checkpoint that was kept, if one was.
    pub fn of_run(self, epoch: Option<usize>) -> String {
        let left = match epoch {
            Some(epoch) => format!("If the page is closed, the run can go on from epoch {epoch} only"),
            None => "If the page is closed, the run is lost".into(),
        };
        match self {
            Self::Full => format!(
                "The browser’s storage is full. {left}. Training goes on; forget kept runs or files to make room."
            ),
            Self::Denied => {
                format!("This browser lets the page keep nothing, as in a private window. {left}. Training goes on.")
            }
            Self::Missing => {
                format!("This browser cannot keep files for a page at this address. {left}. Training goes on.")
            }
            Self::Other => format!("The run could not be kept. {left}. Training goes on."),
        }
    }
}
