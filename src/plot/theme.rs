//! Colours and sizes.

use plotters::style::{Color, RGBAColor, RGBColor, WHITE};

/// The colours of a page: the same values as in `www/style.css`. Accents are Okabe and Ito's, which
/// colour-blind people can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Background.
    pub paper: RGBColor,
    /// Text and axes.
    pub ink: RGBColor,
    /// The function, and the first run.
    pub function: RGBColor,
    /// Kinks and witnesses.
    pub kink: RGBColor,
    /// What is positive; validation.
    pub positive: RGBColor,
    /// A second line.
    pub second: RGBColor,
}

impl Theme {
    /// Ink on paper.
    pub const LIGHT: Self = Self {
        paper: RGBColor(0xfc, 0xfb, 0xf7),
        ink: RGBColor(0x1b, 0x1d, 0x22),
        function: RGBColor(0x00, 0x72, 0xb2),
        kink: RGBColor(0xd5, 0x5e, 0x00),
        positive: RGBColor(0x00, 0x7a, 0x5a),
        second: RGBColor(0xb8, 0x76, 0x00),
    };
    /// Ink on white: a tint would cost ink.
    pub const PRINTED: Self = Self { paper: WHITE, ..Self::LIGHT };
    /// How many runs have a colour of their own.
    pub const RUNS: usize = 6;

    /// The colour of a run or a neuron, the first ones Okabe and Ito's.
    pub fn run(&self, index: usize) -> RGBColor {
        let purple = RGBColor(0xcc, 0x79, 0xa7);
        [self.function, self.second, self.positive, self.kink, purple, self.ink][index % Self::RUNS]
    }

    /// Light on dark.
    pub const DARK: Self = Self {
        paper: RGBColor(0x14, 0x16, 0x1a),
        ink: RGBColor(0xe8, 0xe6, 0xdf),
        function: RGBColor(0x56, 0xb4, 0xe9),
        kink: RGBColor(0xf0, 0x82, 0x3a),
        positive: RGBColor(0x2f, 0xc0, 0x96),
        second: RGBColor(0xe6, 0x9f, 0x00),
    };
}

/// How to draw: colours, how many picture pixels a CSS pixel is, and whether the legend is part of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Colours.
    pub theme: Theme,
    /// Pixels of the picture for a pixel of the design; 1 or more.
    pub scale: f64,
    /// For a picture that stands alone; on a page the legend is text beside it.
    pub has_legend: bool,
}

impl Style {
    /// For a file or paper: one pixel for each of the design, with its legend.
    pub fn alone(theme: Theme) -> Self {
        Self { theme, scale: 1.0, has_legend: true }
    }

    pub(super) fn faint(&self, opacity: f64) -> RGBAColor {
        self.theme.ink.mix(opacity)
    }
}
