//! All keys that the page knows, in one list.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// As it is written on it; several are alternatives, pressed one at a time.
    pub keys: &'static [&'static str],
    /// What happens.
    pub does: &'static str,
}

/// Keys that go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where they work.
    pub place: &'static str,
    /// In the order of their use.
    pub keys: &'static [Key],
}

const fn key(keys: &'static [&'static str], does: &'static str) -> Key {
    Key { keys, does }
}

/// The list.
pub const GROUPS: [Group; 7] = [
    Group {
        place: "Everywhere",
        keys: &[
            key(&["?"], "this list"),
            key(&["Tab", "Shift+Tab"], "next or previous control; the first is “Skip to the lab”"),
            key(&["Ctrl+Z"], "undo"),
            key(&["Ctrl+Shift+Z", "Ctrl+Y"], "redo"),
            key(&["Esc"], "close a window, or leave the presentation"),
        ],
    },
    Group {
        place: "On a slider",
        keys: &[
            key(&["←", "→", "↑", "↓"], "0.1 less or more"),
            key(&["Shift+arrow"], "0.01"),
            key(&["Page Up", "Page Down"], "1"),
            key(&["Home", "End"], "the ends"),
            key(&["Double-click"], "back to the value that was loaded"),
        ],
    },
    Group {
        place: "In a number field",
        keys: &[
            key(&["↑", "↓"], "0.1 more or less; with Shift 0.01"),
            key(&["Page Up", "Page Down"], "1"),
            key(&["Drag left or right"], "0.1 less or more a step; with Shift 0.01"),
            key(&["Enter"], "take the number; fractions such as 1/3 are numbers, too"),
        ],
    },
    Group {
        place: "On a handle",
        keys: &[
            key(&["←", "→", "↑", "↓"], "move it, and with it the parameters that it names: by 0.1, closer by less"),
            key(&["Shift+arrow"], "a tenth of that"),
        ],
    },
    Group {
        place: "On a plot",
        keys: &[
            key(&["←", "→"], "move the crosshair; with Shift in small steps"),
            key(&["Home", "End"], "to the ends"),
            key(&["+", "−"], "zoom"),
            key(&["Wheel"], "zoom at the pointer, once the plot was clicked; with Ctrl at any time"),
            key(&["0", "Double-click"], "the whole picture again"),
            key(&["Esc"], "take the crosshair away"),
        ],
    },
    Group {
        place: "On the plane, of gates and of points",
        keys: &[
            key(&["←", "→", "↑", "↓"], "move the plane"),
            key(&["+", "−"], "zoom"),
            key(&["0"], "back to the start"),
        ],
    },
    Group {
        place: "While presenting",
        keys: &[
            key(&["Space"], "play a sweep, or stop it"),
            key(&["→", "←"], "next or previous preset, or step"),
            key(&["Esc"], "leave"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things_in_one_place() {
        for group in GROUPS {
            let mut all: Vec<_> = group.keys.iter().flat_map(|key| key.keys).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{}", group.place);
        }
    }
}
