//! The names of layers in a saved file.

/// The names of a network's layers, from what a visitor typed: the name of the first, or all with commas.
///
/// After `fc1` come `fc2`, `fc3`; after `net.0`, a place in a `Sequential` with ReLUs between, `net.2`, `net.4`. Nothing
/// stands for `1`, the first after a `Flatten`.
///
/// # Errors
/// A sentence, if that makes no names.
pub fn layer_names(typed: &str, layers: usize) -> Result<Vec<String>, String> {
    let typed = if typed.trim().is_empty() { "1" } else { typed.trim() };
    let is_name = |name: &str| {
        name.len() <= 100
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    let given: Vec<&str> = typed.split(',').map(str::trim).collect();
    if let Some(odd) = given.iter().find(|name| !is_name(name)) {
        let odd: String = odd.chars().take(30).collect();
        return Err(format!(
            "“{odd}” is no name of a layer. Use letters, digits, dots and underscores, such as fc1 or net.0."
        ));
    }
    if let [first] = given[..]
        && layers > 1
    {
        let stem = first.trim_end_matches(|c: char| c.is_ascii_digit());
        let Ok(number) = first[stem.len()..].parse::<u32>() else {
            return Err(format!(
                "“{first}” does not end in a number, so the other layers have no names. Type all {layers} with commas."
            ));
        };
        let step = if stem.is_empty() || stem.ends_with('.') { 2 } else { 1 };
        return Ok((0..layers).map(|layer| format!("{stem}{}", u64::from(number) + step * layer as u64)).collect());
    }
    if given.len() != layers {
        return Err(format!(
            "{} names are given, and the network has {layers} layers. Type {layers}, or the first alone.",
            given.len()
        ));
    }
    if (1..given.len()).any(|at| given[..at].contains(&given[at])) {
        return Err("Two layers have one name. Give each its own.".into());
    }
    Ok(given.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_named_after_the_first_or_as_listed() {
        let names = |typed: &str, layers| layer_names(typed, layers).map(|names| names.join(" "));
        assert_eq!(names("", 3), Ok("1 3 5".into()));
        assert_eq!(names("fc1", 3), Ok("fc1 fc2 fc3".into()));
        assert_eq!(names(" net.0 ", 3), Ok("net.0 net.2 net.4".into()));
        assert_eq!(names("fc1, fc2 ,out", 3), Ok("fc1 fc2 out".into()));
        assert_eq!(names("out", 1), Ok("out".into()));
        for (typed, says) in [
            ("a b", "is no name"),
            ("out", "does not end"),
            ("a,b", "2 names"),
            ("a,b,a", "one name"),
            ("a,,b", "is no name"),
        ] {
            assert!(names(typed, 3).unwrap_err().contains(says), "{typed}");
        }
        assert!(names("fc99999999999", 3).is_err());
    }
}
