//! A lab within another page: what its address asks for, and the code that such a page needs.
//!
//! `…/?embed=1&hide=controls,answers#/gates?…` shows the lab alone, without what is named. The request stands before
//! the hash, where every static host passes it over.

/// What a page that shows a lab may do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// The column of sliders, presets and settings.
    Controls,
    /// The column of answers.
    Answers,
    /// Formulas beside the picture.
    Formula,
    /// The challenges, which are part of the answers.
    Challenges,
    /// Buttons that export, copy, undo and pin.
    Tools,
}

/// A lab within another page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// What is not shown, each once.
    pub hidden: Vec<Hidden>,
}

/// What the page tells the one around it: `{ type: "piecewise-height", height: 640 }`, in CSS pixels.
pub const HEIGHT_MESSAGE: &str = "piecewise-height";
/// How high a frame is until the lab has told its height, or if nobody listens.
pub const HEIGHT_PX: u32 = 640;

impl Hidden {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Controls, Self::Answers, Self::Formula, Self::Challenges, Self::Tools];

    /// In the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Controls => "controls",
            Self::Answers => "answers",
            Self::Formula => "formula",
            Self::Challenges => "challenges",
            Self::Tools => "tools",
        }
    }
}

impl Embed {
    /// What the part of an address from `?` to `#` asks for; `None` if the whole page is to be shown. Words that mean
    /// nothing here are passed over: an address that a later version wrote still shows the lab.
    pub fn from_query(query: &str) -> Option<Self> {
        let mut pairs = query.trim_start_matches('?').split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        if !pairs.clone().any(|pair| pair == ("embed", "1")) {
            return None;
        }
        let words = pairs.find(|(name, _)| *name == "hide").map_or("", |(_, words)| words);
        let words = words.replace("%2C", ",").replace("%2c", ",");
        let is_named = |hidden: &Hidden| words.split(',').any(|word| word == hidden.word());
        Some(Self { hidden: Hidden::ALL.into_iter().filter(is_named).collect() })
    }

    /// The same as part of an address.
    pub fn query(&self) -> String {
        match self.words(",") {
            words if words.is_empty() => "?embed=1".into(),
            words => format!("?embed=1&hide={words}"),
        }
    }

    /// What is hidden, with something between the words.
    pub fn words(&self, between: &str) -> String {
        self.hidden.iter().map(|hidden| hidden.word()).collect::<Vec<_>>().join(between)
    }

    /// The code for the other page. `page` is the app's address up to its query, `hash` what the lab's begins with `#`.
    /// If `fits`, a line of script gives the frame the height that the lab tells.
    pub fn code(&self, page: &str, hash: &str, title: &str, fits: bool) -> String {
        let address = attribute(&format!("{page}{}{hash}", self.query()));
        let frame = format!(
            "<iframe src=\"{address}\" title=\"{}\" style=\"width:100%;height:{HEIGHT_PX}px;border:0\" allow=\"fullscreen; clipboard-write\" loading=\"lazy\"></iframe>",
            attribute(title)
        );
        // The frame is found by the window that spoke, so that a page can hold any number of labs.
        let script = format!(
            "<script>addEventListener(\"message\",e=>{{if(e.data?.type===\"{HEIGHT_MESSAGE}\")for(const f of document.querySelectorAll(\"iframe\"))if(f.contentWindow===e.source)f.style.height=e.data.height+\"px\"}})</script>"
        );
        if fits { format!("{frame}\n{script}\n") } else { format!("{frame}\n") }
    }
}

/// As a quoted attribute of HTML.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_back_for_every_choice() {
        for bits in 0..1 << Hidden::ALL.len() {
            let is_in = |index: &usize| bits >> index & 1 == 1;
            let hidden = (0..Hidden::ALL.len()).filter(is_in).map(|index| Hidden::ALL[index]).collect();
            let embed = Embed { hidden };
            assert_eq!(Embed::from_query(&embed.query()), Some(embed));
        }
    }

    #[test]
    fn only_embed_1_asks_for_a_lab_alone() {
        for query in ["", "?", "?hide=controls", "?embed", "?embed=0&hide=controls", "?xembed=1"] {
            assert_eq!(Embed::from_query(query), None, "{query}");
        }
        let read = Embed::from_query("?utm=x&hide=answers%2Ccontrols,nonsense,&embed=1").unwrap_or_default();
        assert_eq!(read.hidden, [Hidden::Controls, Hidden::Answers]);
    }

    #[test]
    fn code_holds_the_address_whatever_it_contains() {
        let embed = Embed { hidden: vec![Hidden::Controls] };
        let code = embed.code("https://a.org/app/", "#/gates?expression=a\"<b>&c", "Gate lab", false);
        assert!(code.starts_with(
            "<iframe src=\"https://a.org/app/?embed=1&amp;hide=controls#/gates?expression=a&quot;&lt;b&gt;&amp;c\" title=\"Gate lab\""
        ));
        assert!(!code.contains("<script>"));
        assert!(embed.code("https://a.org/", "#/gates", "Gate lab", true).contains("piecewise-height"));
    }
}
