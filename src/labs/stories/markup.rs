//! Words of a story as HTML: `*stress*`, `` `code` ``, `$formula$`, and `[words](address)` to a place in the app.

use super::math::{MathError, mathml};

/// Why a text cannot be marked up. A sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    /// A mark that is opened and not closed.
    #[error("“{0}” opens a “{1}” and never closes it")]
    Open(String, char),
    /// A link to elsewhere.
    #[error("“{0}” is no place in the app; write what stands after #/ in its address")]
    Link(String),
    /// A formula that is none.
    #[error(transparent)]
    Math(#[from] MathError),
}

/// Text in which nothing is markup.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text as HTML.
///
/// # Errors
/// If a mark stays open, a link leaves the app, or a formula is none.
pub fn html(text: &str) -> Result<String, MarkupError> {
    let mut html = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['*', '`', '$', '[']) {
        html += &escaped(&rest[..at]);
        let mark = rest[at..].chars().next().unwrap_or_default();
        let close = if mark == '[' { ']' } else { mark };
        let open = || MarkupError::Open(text.into(), mark);
        let (inner, after) = rest[at + 1..].split_once(close).ok_or_else(open)?;
        rest = after;
        match mark {
            '*' => html += &format!("<em>{}</em>", self::html(inner)?),
            '`' => html += &format!("<code>{}</code>", escaped(inner)),
            '$' => html += &mathml(inner, false)?,
            _ => {
                let address = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
                let (address, after) = address.ok_or_else(open)?;
                rest = after;
                if address.contains(':') {
                    return Err(MarkupError::Link(address.into()));
                }
                html += &format!("<a href=\"#/{}\">{}</a>", escaped(address), self::html(inner)?);
            }
        }
    }
    Ok(html + &escaped(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_tags_and_all_else_is_text() {
        let expect = |text: &str, expected: &str| assert_eq!(html(text).as_deref(), Ok(expected));
        expect("a < b & *c*", "a &lt; b &amp; <em>c</em>");
        expect("`x[0] * 2`", "<code>x[0] * 2</code>");
        expect("see [the *lab*](path)", "see <a href=\"#/path\">the <em>lab</em></a>");
        assert!(html("$x^2$ grows").expect("fine").starts_with("<math>"));
    }

    #[test]
    fn a_mark_without_its_partner_is_named() {
        assert_eq!(html("2 * 3"), Err(MarkupError::Open("2 * 3".into(), '*')));
        assert_eq!(html("[here]"), Err(MarkupError::Open("[here]".into(), '[')));
        assert!(matches!(html("[x](https://example.com)"), Err(MarkupError::Link(_))));
        assert!(matches!(html("$a_$"), Err(MarkupError::Math(_))));
    }
}
