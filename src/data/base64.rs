//! Bytes as text, by RFC 4648.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes as text, padded.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let six = (bits >> (18 - 6 * digit)) as usize & 63;
            text.push(if digit <= three.len() { char::from(DIGITS[six]) } else { '=' });
        }
    }
    text
}

/// What [`encode`] wrote; `None` for any other text.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for four in text.as_bytes().chunks(4) {
        let digits = four.iter().take_while(|byte| **byte != b'=').count();
        if four.len() != 4 || digits < 2 || four[digits..].iter().any(|byte| *byte != b'=') {
            return None;
        }
        let mut bits = 0_u32;
        for &byte in &four[..digits] {
            let digit = DIGITS.iter().position(|other| *other == byte)?;
            bits = bits << 6 | digit as u32;
        }
        bits <<= 6 * (4 - digits);
        bytes.extend(&bits.to_be_bytes()[1..digits]);
    }
    // Padding within, or bits that no byte has, were not written.
    (encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let plain = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let coded = plain.map(|text| encode(text.as_bytes()));
        assert_eq!(coded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
        assert_eq!(coded.map(|text| decode(&text)), plain.map(|text| Some(text.as_bytes().to_vec())));
    }

    #[test]
    fn what_was_not_written_is_not_read() {
        for text in ["Z", "Zg", "Zg=", "Zh==", "====", "Zg==Zg==", "Zm9\n", "Zm9-", "=Zg="] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }
}
