//! Whether a file's line ends were changed on its way, as FTP in text mode does, or Git where it takes a file for text.
//! That is fatal to pixels, and looks like any other damage.

/// Line ends that a good file would have by chance, and this one has none of: of a pair, one in 256.
const EXPECTED: u64 = 4096;

/// What was seen of carriage returns and line feeds.
#[derive(Debug, Default)]
pub(super) struct LineEnds {
    feeds: u64,
    returns: u64,
    /// A carriage return, and a line feed at once.
    pairs: u64,
    /// The last byte.
    last: u8,
}

impl LineEnds {
    /// Takes the next bytes of the file.
    pub(super) fn see(&mut self, bytes: &[u8]) {
        let Some((&first, &last)) = bytes.first().zip(bytes.last()) else { return };
        let count = |wanted: u8| bytes.iter().filter(|byte| **byte == wanted).count() as u64;
        self.feeds += count(b'\n');
        self.returns += count(b'\r');
        let pairs = bytes.iter().zip(&bytes[1..]).filter(|pair| (*pair.0 == b'\r') & (*pair.1 == b'\n')).count();
        self.pairs += pairs as u64 + u64::from(self.last == b'\r' && first == b'\n');
        self.last = last;
    }

    /// What was done to them, if that is plain: to follow on "line ends were changed".
    pub(super) fn change(&self) -> Option<&'static str> {
        match (self.feeds, self.returns, self.pairs) {
            (2.., _, pairs) if pairs == self.feeds => Some("every byte 0a has become 0d 0a"),
            (EXPECTED.., EXPECTED.., 0) => Some("every 0d 0a has become 0a"),
            (EXPECTED.., 0, _) => Some("every 0d, or 0d 0a, has become 0a"),
            _ => None,
        }
    }
}
