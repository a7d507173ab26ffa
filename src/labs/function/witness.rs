//! The chords that refute convexity and concavity, as sentences.

use super::network::Answers;
use super::tanh::FloatChord;
use crate::labs::numbers::significant;
use crate::labs::writing::Writing;
use crate::piecewise::Chord;

/// What is refuted, and on which side of the chord f lies.
const BOTH: [(&str, &str); 2] = [("convex", "above"), ("concave", "below")];

/// A sentence for each chord: on the shown interval if there is one there, so that it is the one in the picture.
pub fn witnesses(answers: &Answers, writing: Writing) -> Vec<String> {
    match answers {
        Answers::Relu(answers) => {
            let pick = |shown: &Option<Chord>, whole: &Option<Chord>| shown.clone().or_else(|| whole.clone());
            let chords = [
                pick(&answers.shown.not_convex, &answers.shape.not_convex),
                pick(&answers.shown.not_concave, &answers.shape.not_concave),
            ];
            let found = chords.into_iter().zip(BOTH).filter_map(|(chord, words)| Some((chord?, words)));
            found.map(|(chord, words)| writing.chord("f", "x", words, &chord)).collect()
        }
        Answers::Tanh(answers) => {
            let chords = [answers.not_convex, answers.not_concave];
            chords.into_iter().zip(BOTH).filter_map(|(chord, words)| Some(float_chord(words, &chord?))).collect()
        }
    }
}

fn float_chord((word, side): (&str, &str), chord: &FloatChord) -> String {
    let short = |value: f64| significant(value, 5);
    let [a, b, c] = chord.x.map(short);
    let (value, there) = (short(chord.f[1]), short(chord.chord));
    let first = format!("Not {word}: at x ≈ {b}, f is ≈ {value}, {side} the chord from x ≈ {a} to x ≈ {c}");
    if value == there {
        format!("{first} by ≈ {}.", significant((chord.f[1] - chord.chord).abs(), 2))
    } else {
        format!("{first}, which is ≈ {there} there.")
    }
}
