//! Transposing a matrix of bytes where it stands: an array in Fortran's order is as large as the data, and there is no
//! room for two.
//!
//! By three rounds of permutations within columns and rows, after Catanzaro, Keller and Garland, *A decomposition for
//! in-place matrix transposition* (PPoPP 2014). Columns are worked on in groups, so that memory is read in lines.

/// Columns that are permuted together.
const GROUP: usize = 64;

/// Transposes a matrix of `rows` rows, stored row by row, whose length is a multiple of that.
pub fn transpose(matrix: &mut [u8], rows: usize) {
    let Some(columns) = matrix.len().checked_div(rows).filter(|columns| *columns > 1 && rows > 1) else { return };
    debug_assert_eq!(matrix.len(), rows * columns);
    let divisor = greatest_common_divisor(rows, columns);
    let (a, b) = (rows / divisor, columns / divisor);
    if divisor > 1 {
        permute_columns(matrix, rows, |row, column| (row + column / b) % rows);
    }
    let mut before = vec![0; columns];
    for (row, values) in matrix.chunks_exact_mut(columns).enumerate() {
        before.copy_from_slice(values);
        for (column, &value) in before.iter().enumerate() {
            values[((row + column / b) % rows + column * rows) % columns] = value;
        }
    }
    permute_columns(matrix, rows, |row, column| (column + row * columns - row / a) % rows);
}

/// Row `row` of each column becomes what was in row `from(row, column)` of it.
fn permute_columns(matrix: &mut [u8], rows: usize, from: impl Fn(usize, usize) -> usize) {
    let columns = matrix.len() / rows;
    let mut before = vec![0; rows * GROUP];
    for first in (0..columns).step_by(GROUP) {
        let count = GROUP.min(columns - first);
        for row in 0..rows {
            before[row * GROUP..][..count].copy_from_slice(&matrix[row * columns + first..][..count]);
        }
        for row in 0..rows {
            for (at, value) in matrix[row * columns + first..][..count].iter_mut().enumerate() {
                *value = before[from(row, first + at) * GROUP + at];
            }
        }
    }
}

fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_of_any_size_is_transposed() {
        for rows in (1..20).chain([30, 48, 64, 96, 128]) {
            for columns in (1..20).chain([30, 32, 63, 64, 65, 100, 128, 144, 200]) {
                let byte = |row: usize, column: usize| (row * 31 + column * 7 + row * column / 3) as u8;
                let mut matrix: Vec<u8> = (0..rows * columns).map(|at| byte(at / columns, at % columns)).collect();
                transpose(&mut matrix, rows);
                let expected: Vec<u8> = (0..rows * columns).map(|at| byte(at % rows, at / rows)).collect();
                assert_eq!(matrix, expected, "{rows} × {columns}");
            }
        }
    }
}
