//! Packing with SIMD: lines interleaved four at a time, by transposing 4×4 squares in registers.

use std::arch::wasm32::{i32x4_shuffle, i64x2_shuffle, v128, v128_load, v128_store};

/// [`Interleave`](super::pack::Interleave) for a `WIDTH` that is a multiple of 4.
///
/// # Safety
/// As for `Interleave`.
pub(super) unsafe fn interleave<const WIDTH: usize>(lines: *const f32, stride: isize, panel: &mut [f32]) {
    const { assert!(WIDTH.is_multiple_of(4)) };
    let along = panel.len() / WIDTH;
    let whole = along / 4 * 4;
    for (four, i) in (0..WIDTH).step_by(4).enumerate() {
        // SAFETY: line i + 3 < WIDTH, by the caller's promise readable.
        let source: [*const f32; 4] = std::array::from_fn(|line| unsafe { lines.offset((i + line) as isize * stride) });
        let mut to = panel[i..].as_mut_ptr();
        for k in (0..whole).step_by(4) {
            // SAFETY: elements k ..= k + 3 of four lines are read, and written to rows k ..= k + 3 of the panel.
            unsafe {
                let [a, b, c, d] = source.map(|line| v128_load(line.add(k).cast::<v128>()));
                let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
                let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
                v128_store(to.cast(), i64x2_shuffle::<0, 2>(ab_low, cd_low));
                v128_store(to.add(WIDTH).cast(), i64x2_shuffle::<1, 3>(ab_low, cd_low));
                v128_store(to.add(2 * WIDTH).cast(), i64x2_shuffle::<0, 2>(ab_high, cd_high));
                v128_store(to.add(3 * WIDTH).cast(), i64x2_shuffle::<1, 3>(ab_high, cd_high));
                to = to.add(4 * WIDTH);
            }
        }
        for k in whole..along {
            for (line, from) in source.iter().enumerate() {
                // SAFETY: element k < along of a line.
                panel[k * WIDTH + 4 * four + line] = unsafe { *from.add(k) };
            }
        }
    }
}

/// [`Interleave`](super::pack::Interleave) for a width of 2.
///
/// # Safety
/// As for `Interleave`.
pub(super) unsafe fn interleave_pair(lines: *const f32, stride: isize, panel: &mut [f32]) {
    // SAFETY: the second line, by the caller's promise readable.
    let source = [lines, unsafe { lines.offset(stride) }];
    let mut eights = panel.chunks_exact_mut(8);
    let mut k = 0;
    for eight in &mut eights {
        // SAFETY: elements k ..= k + 3 of two lines are read, and written to eight elements.
        unsafe {
            let [a, b] = source.map(|line| v128_load(line.add(k).cast::<v128>()));
            let to = eight.as_mut_ptr().cast::<v128>();
            v128_store(to, i32x4_shuffle::<0, 4, 1, 5>(a, b));
            v128_store(to.add(1), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        }
        k += 4;
    }
    for (at, slot) in eights.into_remainder().iter_mut().enumerate() {
        // SAFETY: element k + at / 2 of a line.
        *slot = unsafe { *source[at % 2].add(k + at / 2) };
    }
}
