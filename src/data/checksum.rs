//! A 64-bit checksum, to notice accidents: it is quick, and no protection against intent.

/// What the words are multiplied by: odd, so that no two words give the same product.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// A checksum of bytes that are pushed. Other pushes of the same bytes give another sum.
///
/// A change within one word of eight bytes always changes it, since each word is mixed in by a bijection; a larger
/// one goes unnoticed once in 2⁶⁴.
#[derive(Clone, Debug, Default)]
pub struct Checksum(u64);

impl Checksum {
    /// Adds bytes, and their number.
    pub fn push(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
        self.mix(bytes.len() as u64);
    }

    /// The sum.
    pub fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn mix(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(FACTOR).rotate_left(29);
    }
}
