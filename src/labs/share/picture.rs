//! A picture with its caption, as one SVG.

use crate::plot::escaped;

/// Of a picture with its caption in pixels: so much on each side, above and below.
const MARGIN: u32 = 24;
/// From one line to the next.
const LINE: u32 = 20;
/// Characters of a line, at 14 px: a sans serif's are 7 px wide on average.
const PER_LINE: usize = 92;

/// A picture, from `<svg` to `</svg>` and of this size, on white, with a title and a caption below it. Returns it with
/// its size.
pub fn captioned(svg: &str, (width, height): (u32, u32), title: &str, caption: &str) -> (String, (u32, u32)) {
    let lines = wrapped(caption, PER_LINE);
    let full = (width + 2 * MARGIN, height + 3 * MARGIN + LINE * (1 + lines.len() as u32));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<g transform=\"translate({MARGIN} {MARGIN})\">\n{svg}</g>\n",
        full.0, full.1, full.0, full.1
    );
    let first = height + 2 * MARGIN + LINE / 2;
    let mut line = |index: usize, look: &str, words: &str| {
        let y = first + LINE * index as u32;
        text += &format!(
            "<text x=\"{MARGIN}\" y=\"{y}\" font-family=\"system-ui, sans-serif\" font-size=\"14\" {look}>{}</text>\n",
            escaped(words)
        );
    };
    line(0, "font-weight=\"650\" fill=\"#1b1d22\"", title);
    lines.iter().enumerate().for_each(|(index, words)| line(index + 1, "fill=\"#1b1d22\"", words));
    (text + "</svg>\n", full)
}

/// The text in lines of at most so many characters, unless a word is longer.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > most {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_lose_none() {
        let text = "one two three\nfour supercalifragilistic five";
        assert_eq!(wrapped(text, 8), ["one two", "three", "four", "supercalifragilistic", "five"]);
        assert_eq!(wrapped("", 8), Vec::<String>::new());
    }

    #[test]
    fn a_caption_stands_below_the_picture_and_is_escaped() {
        let inner = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"420\"></svg>\n";
        let (svg, (width, height)) = captioned(inner, (720, 420), "Gate lab", "f < 0 & done");
        assert_eq!((width, height), (768, 532));
        assert!(svg.contains(inner) && svg.contains("f &lt; 0 &amp; done") && svg.ends_with("</svg>\n"));
        assert_eq!(svg.matches("<text").count(), 2);
        let (longer, (_, height)) = captioned(inner, (720, 420), "Gate lab", &"word ".repeat(40));
        assert_eq!((longer.matches("<text").count(), height), (4, 572));
    }
}
