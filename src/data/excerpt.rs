//! What a message quotes of what somebody brought or typed.

/// The first letters of a text, control characters made visible, and … if there are more.
pub fn excerpt(text: &str, most: usize) -> String {
    let plain = |letter: char| if letter.is_control() { '?' } else { letter };
    let mut first: String = text.chars().take(most).map(plain).collect();
    if text.chars().count() > most {
        first.push('…');
    }
    first
}
