//! Packing with SIMD: lines interleaved four at a time, by transposing 4×4 squares in registers.

use std::arch::wasm32::{i32x4_shuffle, i64x2_shuffle, v128, v128_load, v128_store, v128_store64_lane};

/// [`Interleave`](super::pack::Interleave) for an even `WIDTH`.
///
/// # Safety
/// As for `Interleave`.
pub(super) unsafe fn interleave<const WIDTH: usize>(lines: *const f32, stride: isize, panel: &mut [f32]) {
    const { assert!(WIDTH.is_multiple_of(2)) };
    let along = panel.len() / WIDTH;
    let whole = along / 4 * 4;
    let to = panel.as_mut_ptr();
    for k in (0..whole).step_by(4) {
        // SAFETY: elements k ..= k + 3 of WIDTH lines are read, by the caller's promise readable, and written to rows
        // k ..= k + 3 of the panel.
        unsafe {
            let load = |line: usize| v128_load(lines.offset(line as isize * stride).add(k).cast::<v128>());
            let to = to.add(k * WIDTH);
            for line in (0..WIDTH / 4 * 4).step_by(4) {
                let [a, b, c, d] = std::array::from_fn(|i| load(line + i));
                let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
                let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
                let to = to.add(line);
                v128_store(to.cast(), i64x2_shuffle::<0, 2>(ab_low, cd_low));
                v128_store(to.add(WIDTH).cast(), i64x2_shuffle::<1, 3>(ab_low, cd_low));
                v128_store(to.add(2 * WIDTH).cast(), i64x2_shuffle::<0, 2>(ab_high, cd_high));
                v128_store(to.add(3 * WIDTH).cast(), i64x2_shuffle::<1, 3>(ab_high, cd_high));
            }
            if WIDTH % 4 == 2 {
                let line = WIDTH - 2;
                let [a, b] = std::array::from_fn(|i| load(line + i));
                let (low, high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
                let to = to.add(line);
                v128_store64_lane::<0>(low, to.cast());
                v128_store64_lane::<1>(low, to.add(WIDTH).cast());
                v128_store64_lane::<0>(high, to.add(2 * WIDTH).cast());
                v128_store64_lane::<1>(high, to.add(3 * WIDTH).cast());
            }
        }
    }
    for k in whole..along {
        for line in 0..WIDTH {
            // SAFETY: element k < along of a line.
            panel[k * WIDTH + line] = unsafe { *lines.offset(line as isize * stride).add(k) };
        }
    }
}
