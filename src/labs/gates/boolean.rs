//! Functional completeness: any boolean function as a network.

use crate::piecewise::boolean::{Encoding, Form, Formula, ParseError, compile, wrong_rows};
use crate::piecewise::{Net, Rational};

/// The state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BooleanLab {
    /// As typed.
    pub text: String,
    /// The table, where it was edited after the text.
    table: Option<(Vec<String>, Vec<bool>)>,
    /// How the network is made.
    pub form: Form,
    /// What its inputs are.
    pub encoding: Encoding,
    /// The chosen row of the table.
    pub row: usize,
}

/// A function and its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The function.
    pub formula: Formula,
    /// Its truth table.
    pub table: Vec<bool>,
    /// The network.
    pub net: Net,
    /// Rows at which the network's sign is wrong: checked one by one, exactly.
    pub wrong: Vec<usize>,
}

impl Default for BooleanLab {
    fn default() -> Self {
        Self { text: "a xor b xor c".into(), table: None, form: Form::default(), encoding: Encoding::default(), row: 0 }
    }
}

impl BooleanLab {
    /// Takes a typed expression.
    pub fn set_text(&mut self, text: String) {
        self.text = text;
        self.table = None;
        self.row = 0;
    }

    /// The function and how its network is made, whatever row is chosen: what undo and redo are about.
    #[must_use]
    pub fn content(&self) -> Self {
        Self { row: 0, ..self.clone() }
    }

    /// Turns one row of the table over. The text then no longer counts.
    pub fn flip(&mut self, row: usize) {
        if let Ok(compiled) = self.compiled() {
            let mut table = compiled.table;
            if let Some(value) = table.get_mut(row) {
                *value = !*value;
                self.table = Some((compiled.formula.variables, table));
            }
        }
    }

    /// Whether the table was edited, so that the text does not say what is compiled.
    pub fn is_edited(&self) -> bool {
        self.table.is_some()
    }

    /// The function and its network.
    ///
    /// # Errors
    /// Where the text cannot be read.
    pub fn compiled(&self) -> Result<Compiled, ParseError> {
        let formula = match &self.table {
            Some((variables, table)) => Formula::of_table(variables.clone(), table),
            None => Formula::parse(&self.text)?,
        };
        let table = formula.table();
        let net = compile(&formula, self.form, self.encoding);
        let wrong = wrong_rows(&net, &table, self.encoding);
        Ok(Compiled { formula, table, net, wrong })
    }
}

impl Compiled {
    /// Every neuron's output at a row, layer by layer, inputs first and f last.
    pub fn values_at(&self, row: usize, encoding: Encoding) -> Vec<Vec<Rational>> {
        let zero = Rational::default();
        let number = |value: i64| Rational::from_integer(value.into());
        let low = number(if encoding == Encoding::Bits { 0 } else { -1 });
        let bits = Formula::row_values(self.formula.variables.len(), row);
        let inputs: Vec<_> = bits.into_iter().map(|bit| if bit { number(1) } else { low.clone() }).collect();
        let sums = self.net.sums_at(&inputs);
        let last = sums.len() - 1;
        let output = |(index, layer): (usize, &Vec<Rational>)| {
            let relu = |sum: &Rational| if index == last { sum.clone() } else { sum.max(&zero).clone() };
            layer.iter().map(relu).collect()
        };
        let mut values = vec![inputs];
        values.extend(sums.iter().enumerate().map(output));
        values
    }
}
