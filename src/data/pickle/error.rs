//! Why a pickle is no batch.

/// What is wrong with a pickle. Each message goes on after the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickleError {
    /// A name that is not one of numpy's few.
    #[error(
        "is a Python pickle that names {global} at byte {at}, which no CIFAR-10 batch does. Nothing was run. Do not open it in Python either; download CIFAR-10 again."
    )]
    Forbidden {
        /// Where.
        at: u64,
        /// Module and name.
        global: String,
    },
    /// The names of a well-known library's objects.
    #[error(
        "is a Python pickle with objects of {library} ({global} at byte {at}), which only {library} can read. Nothing was run. Save plain arrays instead: `pickle.dump({{\"data\": {expression}, \"labels\": labels}}, file)`."
    )]
    Foreign {
        /// Where.
        at: u64,
        /// Module and name.
        global: String,
        /// Whose they are.
        library: &'static str,
        /// What makes an array of `x`.
        expression: &'static str,
    },
    /// Line ends that were changed.
    #[error(
        "had its line ends changed on the way: {change}. Transfer it as binary (FTP: `binary`; Git: `* -text` in .gitattributes), or download it again."
    )]
    LineEnds {
        /// A clause.
        change: &'static str,
    },
    /// An opcode that such files do not have.
    #[error(
        "is a Python pickle with opcode {opcode:#04x} at byte {at}, which no CIFAR-10 batch has. Nothing was run. Choose data_batch_1 to data_batch_5 and test_batch as they are published."
    )]
    Opcode {
        /// Where.
        at: u64,
        /// Its byte.
        opcode: u8,
    },
    /// A length beyond the file's end.
    #[error(
        "is cut off: at byte {at} it announces {announced} bytes, and only {present} follow. Download or unpack it again."
    )]
    Cut {
        /// Where the announced bytes start.
        at: u64,
        /// How many there should be.
        announced: u64,
        /// How many there are at most.
        present: u64,
    },
    /// No end.
    #[error("is a Python pickle that stops at byte {at}, before its end. Download or unpack it again.")]
    NoEnd {
        /// Bytes that were there.
        at: u64,
    },
    /// Something after the end.
    #[error("is a Python pickle that goes on after its end, at byte {at}. Download or unpack it again.")]
    Trailing {
        /// Where.
        at: u64,
    },
    /// Too much of something.
    #[error(
        "is a Python pickle with too many or too large parts at byte {at}: {what}. Choose data_batch_1 to data_batch_5 and test_batch as they are published."
    )]
    TooMuch {
        /// Where.
        at: u64,
        /// Of what, and the limit.
        what: &'static str,
    },
    /// What no pickler writes.
    #[error("is a broken Python pickle: at byte {at}, {what}. Download or unpack it again.")]
    Broken {
        /// Where the opcode is.
        at: u64,
        /// A clause.
        what: &'static str,
    },
    /// A well-formed pickle that cannot be taken for images and labels.
    #[error("is a Python pickle, but {what}. Mend it in Python: `{mend}`.")]
    Unfit {
        /// A clause: what is there.
        what: String,
        /// A line of Python.
        mend: String,
    },
    /// A label that is no class.
    #[error(
        "has label {label} for image {image}, counted from 1; CIFAR-10 labels are 0 to 9. Choose a CIFAR-10 batch."
    )]
    Label {
        /// From 1.
        image: usize,
        /// What it is.
        label: String,
    },
}

/// The beginning of what a file says, for a message.
impl PickleError {
    /// Whether a changed byte may be the reason.
    pub(super) fn may_be_damage(&self) -> bool {
        match self {
            Self::Forbidden { global, .. } => global.contains("\\r"),
            Self::Foreign { .. } | Self::LineEnds { .. } | Self::Unfit { .. } | Self::Label { .. } => false,
            Self::Opcode { .. } | Self::Cut { .. } | Self::NoEnd { .. } | Self::Trailing { .. } => true,
            Self::TooMuch { .. } | Self::Broken { .. } => true,
        }
    }
}

pub(super) fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().take(80).map(char::from).collect()
}
