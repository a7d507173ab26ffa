//! Text as TeX has it.

/// The text in LaTeX, to be set outside of formulas; needs amsmath and amssymb. Symbols become formulas of their own, so
/// that every engine has them. Control characters, which LaTeX has not, are left out; line breaks are kept.
pub fn tex(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => written += "\\textbackslash{}",
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => {
                written.push('\\');
                written.push(c);
            }
            '~' => written += "\\textasciitilde{}",
            '^' => written += "\\textasciicircum{}",
            '<' => written += "\\textless{}",
            '>' => written += "\\textgreater{}",
            '|' => written += "\\textbar{}",
            '"' => written += "\\textquotedbl{}",
            '…' => written += "\\ldots{}",
            '\u{a0}' => written.push('~'),
            '\u{202f}' | '\u{2009}' => written += "\\,",
            '\n' => written.push(c),
            _ if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            _ => match symbol(c) {
                Some(symbol) => written += &format!("${symbol}$"),
                None => written.push(c),
            },
        }
    }
    written
}

/// What stands for a symbol in a formula.
fn symbol(c: char) -> Option<String> {
    let (subscripts, superscripts) = ("₀₁₂₃₄₅₆₇₈₉₋₊ᵢⱼₖₗₘₙ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁱʲᵏˡᵐⁿ");
    let plain = "0123456789-+ijklmn";
    let place = |list: &str| list.chars().position(|other| other == c).and_then(|at| plain.chars().nth(at));
    if let Some(below) = place(subscripts) {
        return Some(format!("_{{{below}}}"));
    }
    if let Some(above) = place(superscripts) {
        return Some(format!("^{{{above}}}"));
    }
    let word = match c {
        '−' => "-",
        '·' => "\\cdot",
        '×' => "\\times",
        '±' => "\\pm",
        '≤' => "\\le",
        '≥' => "\\ge",
        '≠' => "\\ne",
        '≈' => "\\approx",
        '∞' => "\\infty",
        '∂' => "\\partial",
        '∈' => "\\in",
        '∉' => "\\notin",
        'ℝ' => "\\mathbb{R}",
        '‖' => "\\|",
        '√' => "\\surd",
        '⊗' => "\\otimes",
        '∘' => "\\circ",
        '∇' => "\\nabla",
        '∑' | 'Σ' => "\\Sigma",
        '→' => "\\to",
        '←' => "\\leftarrow",
        '↔' => "\\leftrightarrow",
        '↦' => "\\mapsto",
        '↑' => "\\uparrow",
        '↓' => "\\downarrow",
        '∀' => "\\forall",
        '∃' => "\\exists",
        '∅' => "\\emptyset",
        '⊂' => "\\subset",
        '⊆' => "\\subseteq",
        '∪' => "\\cup",
        '∩' => "\\cap",
        '∖' => "\\setminus",
        '∝' => "\\propto",
        '≡' => "\\equiv",
        '∼' => "\\sim",
        '≪' => "\\ll",
        '≫' => "\\gg",
        '⊙' => "\\odot",
        '⊤' => "\\top",
        '⊥' => "\\perp",
        '∎' | '□' => "\\square",
        '∫' => "\\int",
        '∏' => "\\prod",
        'ℓ' => "\\ell",
        'ℕ' => "\\mathbb{N}",
        'ℤ' => "\\mathbb{Z}",
        'ℚ' => "\\mathbb{Q}",
        '⟨' => "\\langle",
        '⟩' => "\\rangle",
        '⌊' => "\\lfloor",
        '⌋' => "\\rfloor",
        '⌈' => "\\lceil",
        '⌉' => "\\rceil",
        '⇒' => "\\Rightarrow",
        '⇔' => "\\Leftrightarrow",
        '∧' => "\\land",
        '∨' => "\\lor",
        '¬' => "\\lnot",
        '⊕' => "\\oplus",
        '½' => "\\tfrac{1}{2}",
        '⅓' => "\\tfrac{1}{3}",
        '⅔' => "\\tfrac{2}{3}",
        '¼' => "\\tfrac{1}{4}",
        '¾' => "\\tfrac{3}{4}",
        '⅛' => "\\tfrac{1}{8}",
        '′' => "'",
        '″' => "''",
        'ᵀ' => "^{\\top}",
        '✓' => "\\checkmark",
        '✗' => "\\times",
        'α' => "\\alpha",
        'β' => "\\beta",
        'γ' => "\\gamma",
        'δ' => "\\delta",
        'ε' => "\\varepsilon",
        'ζ' => "\\zeta",
        'η' => "\\eta",
        'θ' => "\\theta",
        'κ' => "\\kappa",
        'λ' => "\\lambda",
        'μ' => "\\mu",
        'ν' => "\\nu",
        'ξ' => "\\xi",
        'π' => "\\pi",
        'ρ' => "\\rho",
        'σ' => "\\sigma",
        'τ' => "\\tau",
        'φ' => "\\varphi",
        'χ' => "\\chi",
        'ψ' => "\\psi",
        'ω' => "\\omega",
        'Γ' => "\\Gamma",
        'Δ' => "\\Delta",
        'Λ' => "\\Lambda",
        'Π' => "\\Pi",
        'Ψ' => "\\Psi",
        'Θ' => "\\Theta",
        'Φ' => "\\Phi",
        'Ω' => "\\Omega",
        _ => return None,
    };
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_tex_reads_as_a_command_is_left() {
        assert_eq!(
            tex("\\input{x} 50 % of $5 & #1_a^b~<|>"),
            "\\textbackslash{}input\\{x\\} 50 \\% of \\$5 \\& \\#1\\_a\\textasciicircum{}b\\textasciitilde{}\\textless{}\\textbar{}\\textgreater{}"
        );
        assert_eq!(tex("a\u{7}\u{0}\r\nb"), "a\nb");
    }

    #[test]
    fn symbols_are_set_by_every_engine() {
        assert_eq!(tex("W₁ ≥ −½, é"), "W$_{1}$ $\\ge$ $-$$\\tfrac{1}{2}$, é");
        assert_eq!(tex("10⁻⁶"), "10$^{-}$$^{6}$");
    }
}
