use ndarray::{Array2, ArrayView2, s};
use piecewise::data::{Purpose, rng};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use piecewise::linalg::RELAXED;
use piecewise::linalg::{Arithmetic, BASE, Bytes, Element, Operand, chosen, gemm, peak, reference};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Zero, one, odd, prime, a tile, a tile and one, what leaves 1 to 5 rows beside tiles of 6, past a block of the summed index, of rows and of columns.
const SIZES: [usize; 9] = [0, 1, 3, 4, 8, 9, 29, 129, 260];

fn random<T: Element>(seed: u64, rows: usize, columns: usize) -> Array2<T> {
    let mut rng = rng(seed, Purpose::Init, 9);
    Array2::from_shape_fn((rows, columns), |_| T::from_f64(rng.random_range(-1.0..1.0)))
}

/// Every entry within the rounding error of a sum of k products, each at most 1: k · eps, twice for safety.
fn assert_close<T: Element>(ours: &Array2<T>, oracle: &Array2<T>, k: usize, what: &str) {
    let bound = 2.0 * (k + 2) as f64 * T::epsilon().to_f64();
    for ((at, &ours), &oracle) in ours.indexed_iter().zip(oracle) {
        let error = (ours - oracle).to_f64().abs();
        assert!(error <= bound, "{what} at {at:?}: {ours} instead of {oracle}");
    }
}

/// The three products of a layer, each against the oracle: X·Wᵀ, dYᵀ·X, dY·W.
fn check_products<T: Element>(batch: usize, inputs: usize, outputs: usize) {
    let x = random::<T>(1, batch, inputs);
    let w = random::<T>(2, outputs, inputs);
    let dy = random::<T>(3, batch, outputs);
    let products: [(&str, ArrayView2<T>, ArrayView2<T>); 3] =
        [("X·Wᵀ", x.view(), w.t()), ("dYᵀ·X", dy.t(), x.view()), ("dY·W", dy.view(), w.view())];
    for (name, a, b) in products {
        let mut ours = Array2::from_elem((a.nrows(), b.ncols()), T::nan());
        let mut oracle = ours.clone();
        gemm(T::one(), a, b, T::zero(), ours.view_mut());
        reference::gemm(T::one(), a, b, T::zero(), oracle.view_mut());
        assert_close(&ours, &oracle, a.ncols(), &format!("{name}, {batch}×{inputs}×{outputs}"));
    }
}

#[test]
fn products_of_all_small_shapes_are_right() {
    for m in SIZES {
        for n in SIZES {
            for k in SIZES {
                check_products::<f32>(m, k, n);
            }
        }
    }
}

#[test]
fn products_of_training_shapes_are_right() {
    check_products::<f32>(256, 3072, 64);
    check_products::<f32>(17, 512, 10);
    check_products::<f32>(5, 33, 1100); // past a block of columns
    check_products::<f64>(19, 270, 23);
}

#[test]
fn alpha_and_beta_scale() {
    let (a, b, c) = (random::<f32>(1, 13, 300), random::<f32>(2, 300, 21), random::<f32>(3, 13, 21));
    for alpha in [0.0, 1.0, -0.5] {
        for beta in [0.0, 1.0, 0.25] {
            let (mut ours, mut oracle) = (c.clone(), c.clone());
            gemm(alpha, a.view(), b.view(), beta, ours.view_mut());
            reference::gemm(alpha, a.view(), b.view(), beta, oracle.view_mut());
            assert_close(&ours, &oracle, 300, &format!("alpha {alpha}, beta {beta}"));
        }
    }
}

#[test]
fn strided_views_are_read_and_written_in_place() {
    let (a, b) = (random::<f32>(1, 40, 50), random::<f32>(2, 60, 40));
    let (a, b) = (a.slice(s![..;3, 5..;2]), b.slice(s![..46;2, ..;-1]));
    let mut outer = Array2::from_elem((20, 50), 7.0);
    let mut oracle = Array2::zeros((14, 40));
    gemm(1.0, a, b, 0.0, outer.slice_mut(s![3..17, 4..44]));
    reference::gemm(1.0, a, b, 0.0, oracle.view_mut());
    assert_close(&outer.slice(s![3..17, 4..44]).to_owned(), &oracle, 23, "strided");
    outer.slice_mut(s![3..17, 4..44]).fill(7.0);
    assert!(outer.iter().all(|&value| value == 7.0), "nothing outside the view was written");
}

#[test]
fn equal_input_gives_equal_bits() {
    let (a, b) = (random::<f32>(1, 67, 600), random::<f32>(2, 600, 35));
    let product = || {
        let mut c = Array2::zeros((67, 35));
        gemm(1.0, a.view(), b.view(), 0.0, c.view_mut());
        c.mapv(f32::to_bits)
    };
    assert_eq!(product(), product());
}

/// All that this build can compute with.
fn arithmetics() -> Vec<&'static Arithmetic> {
    vec![
        &BASE,
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        &RELAXED,
    ]
}

#[test]
fn every_arithmetic_is_right_in_all_layouts() {
    // Past a block of the summed index, narrow, and with rests of every tile.
    for (m, n, k) in [(1, 1, 1), (2, 12, 5), (3, 17, 9), (10, 33, 400), (64, 10, 514), (35, 50, 771), (200, 7, 3)] {
        for (is_a_turned, is_b_turned, is_c_turned) in
            [(false, true, false), (true, false, false), (false, false, true), (true, true, true)]
        {
            let matrix = |seed, rows, columns, is_turned: bool| {
                let matrix = random::<f32>(seed, rows, columns);
                if is_turned { matrix.t().as_standard_layout().into_owned().reversed_axes() } else { matrix }
            };
            let (a, b) = (matrix(1, m, k, is_a_turned), matrix(2, k, n, is_b_turned));
            for (alpha, beta) in [(1.0, 0.0), (-0.5, 1.0), (-0.15, 0.75)] {
                let c = matrix(3, m, n, is_c_turned);
                let mut oracle = c.clone();
                reference::gemm(alpha, a.view(), b.view(), beta, oracle.view_mut());
                for arithmetic in arithmetics() {
                    let mut ours = c.clone();
                    if beta == 0.0 {
                        ours.fill(f32::NAN);
                    }
                    arithmetic.gemm(alpha, a.view().into(), b.view().into(), beta, ours.view_mut());
                    let what = format!("{}: {m}×{n}×{k}, {alpha}, {beta}, {is_c_turned}", arithmetic.name);
                    assert_close(&ours, &oracle, k, &what);
                }
            }
        }
    }
}

#[test]
fn bytes_give_what_their_numbers_give_to_the_bit() {
    // Rows and columns: of one tile, with rests, past a chunk of bytes, past the blocks of each index.
    for (rows, columns) in [(1, 1), (3, 7), (8, 64), (37, 65), (130, 200), (19, 1100), (530, 9)] {
        let mut rng = rng(5, Purpose::Init, 9);
        let bytes: Vec<u8> = (0..rows * columns).map(|_| rng.random()).collect();
        let mut of_each = |size: f32| (0..columns).map(|_| rng.random_range(-size..size)).collect::<Vec<f32>>();
        let (scale, offset) = (of_each(0.01), of_each(1.0));
        let x = Array2::from_shape_fn((rows, columns), |(row, column)| {
            f32::from(bytes[row * columns + column]) * scale[column] + offset[column]
        });
        let operand = Operand::from(Bytes::new(&bytes, &scale, &offset));
        assert_eq!((operand.dim(), operand.t().dim()), ((rows, columns), (columns, rows)));
        for width in [1, 10, 23] {
            let (w, dz) = (random::<f32>(1, width, columns), random::<f32>(2, rows, width));
            let (x, w, dz) = (Operand::from(x.view()), Operand::from(w.view()), Operand::from(dz.view()));
            let bytes = operand.reborrow();
            for arithmetic in arithmetics() {
                let check = |what: &str, [a, b]: [Operand<f32>; 2], [a_numbers, b_numbers]: [Operand<f32>; 2]| {
                    let mut ours = random::<f32>(3, a.dim().0, b.dim().1);
                    let mut theirs = ours.clone();
                    arithmetic.gemm(-0.5, a, b, 1.0, ours.view_mut());
                    arithmetic.gemm(-0.5, a_numbers, b_numbers, 1.0, theirs.view_mut());
                    assert!(ours == theirs, "{}: {what} of {rows}×{columns}, {width}", arithmetic.name);
                };
                check("X·Wᵀ", [bytes, w.t()], [x, w.t()]);
                check("W·Xᵀ", [w, bytes.t()], [w, x.t()]);
                check("dZᵀ·X", [dz.t(), bytes], [dz.t(), x]);
                check("Xᵀ·dZ", [bytes.t(), dz], [x.t(), dz]);
            }
        }
    }
}

#[test]
fn every_chain_runs() {
    // s ← 0.999 s + 0.001 goes to 1, in 13 chains; with SIMD, two lanes of each are told.
    let lanes = if cfg!(all(target_arch = "wasm32", target_feature = "simd128")) { 2 } else { 4 };
    for arithmetic in arithmetics() {
        let settled = arithmetic.chain(20_000);
        assert!((settled - (13 * lanes) as f32).abs() < 0.1, "{}: {settled}", arithmetic.name);
    }
    assert_eq!(peak::operations(1000), 104_000.0);
}

#[test]
fn the_kernel_is_the_one_that_this_build_should_have() {
    let simd = cfg!(all(target_arch = "wasm32", target_feature = "simd128"));
    assert_eq!(chosen().name, if simd { "simd128" } else { "portable" });
    // scripts/test says which leg this is, so that a leg cannot silently be the other one.
    if let Some(expected) = option_env!("PIECEWISE_EXPECT_KERNEL") {
        assert_eq!(chosen().name, expected);
    }
}
