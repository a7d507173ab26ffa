//! A matrix with a name, to show and to take away.

use ndarray::Array2;

use crate::labs::numbers::{self, significant};

/// A named matrix; a vector is a matrix of one column, or of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// In MathML or plain text.
    pub name: String,
    /// The numbers.
    pub values: Array2<f64>,
}

impl Table {
    /// A matrix under a name.
    pub fn new(name: impl Into<String>, values: Array2<f64>) -> Self {
        Self { name: name.into(), values }
    }

    /// `3 × 4`
    pub fn shape(&self) -> String {
        format!("{} × {}", self.values.nrows(), self.values.ncols())
    }
}

/// A number in a table: four digits.
pub fn cell(value: f64) -> String {
    significant(value, 4)
}

/// Tables as CSV: a line a entry, rows and columns from 1, all digits.
pub fn to_csv(tables: &[Table]) -> String {
    let mut csv = String::from("table,row,column,value\n");
    for table in tables {
        for ((row, column), value) in table.values.indexed_iter() {
            csv += &format!("{},{},{},{value:?}\n", table.name, row + 1, column + 1);
        }
    }
    csv
}

/// Tables as LaTeX equations, six digits.
pub fn to_latex(tables: &[Table]) -> String {
    let mut latex = String::new();
    for table in tables {
        let row =
            |row: ndarray::ArrayView1<f64>| row.iter().copied().map(numbers::latex).collect::<Vec<_>>().join(" & ");
        let rows: Vec<_> = table.values.outer_iter().map(row).collect();
        latex += &format!(
            "\\[\n\\text{{{}}} = \\begin{{pmatrix}}\n{}\n\\end{{pmatrix}}\n\\]\n",
            escaped(&table.name),
            rows.join(" \\\\\n")
        );
    }
    latex
}

fn escaped(name: &str) -> String {
    let symbol = |c: char| match c {
        '∂' => "$\\partial$".to_owned(),
        '⊗' => "$\\otimes$".to_owned(),
        'Θ' => "$\\Theta$".to_owned(),
        'ᵀ' => "$^\\top$".to_owned(),
        '·' => "$\\cdot$".to_owned(),
        '_' | '&' | '%' | '#' | '$' => format!("\\{c}"),
        c => c.to_string(),
    };
    name.chars().map(symbol).collect()
}
