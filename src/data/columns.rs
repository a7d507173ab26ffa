//! A row of an image, looked up by columns: all 32 bytes in a few instructions where there is SIMD.

use super::SIDE;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lookup {
    use super::SIDE;

    /// The column that each pixel is taken from.
    pub(in crate::data) struct Columns([u8; SIDE]);

    impl Columns {
        pub(super) fn of(columns: [u8; SIDE]) -> Self {
            Self(columns)
        }

        /// Pixel x of the result is pixel `columns[x]` of the row.
        pub(in crate::data) fn look_up(&self, row: &[u8; SIDE]) -> [u8; SIDE] {
            self.0.map(|column| row[usize::from(column)])
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lookup {
    use std::arch::wasm32::{u8x16_splat, u8x16_sub, u8x16_swizzle, u64x2, u64x2_extract_lane, v128, v128_or};

    use super::SIDE;

    /// The column that each pixel is taken from, for both halves of the result: counted in the row's left half, and
    /// in its right half. A swizzle gives 0 for what is not in its half.
    pub(in crate::data) struct Columns([[v128; 2]; 2]);

    impl Columns {
        pub(super) fn of(columns: [u8; SIDE]) -> Self {
            Self(vectors(&columns).map(|left| [left, u8x16_sub(left, u8x16_splat(16))]))
        }

        /// Pixel x of the result is pixel `columns[x]` of the row.
        #[inline(always)]
        pub(in crate::data) fn look_up(&self, row: &[u8; SIDE]) -> [u8; SIDE] {
            let [left, right] = vectors(row);
            let mut seen = [0; SIDE];
            let (eights, _) = seen.as_chunks_mut::<8>();
            for (eights, [in_left, in_right]) in eights.chunks_exact_mut(2).zip(&self.0) {
                let half = v128_or(u8x16_swizzle(left, *in_left), u8x16_swizzle(right, *in_right));
                eights[0] = u64x2_extract_lane::<0>(half).to_le_bytes();
                eights[1] = u64x2_extract_lane::<1>(half).to_le_bytes();
            }
            seen
        }
    }

    fn vectors(bytes: &[u8; SIDE]) -> [v128; 2] {
        let (eights, _) = bytes.as_chunks::<8>();
        [0, 2].map(|at| u64x2(u64::from_le_bytes(eights[at]), u64::from_le_bytes(eights[at + 1])))
    }
}

pub(super) use lookup::Columns;

impl Columns {
    /// By a rule: pixel x is taken from column `column(x)`, below 32.
    pub(super) fn new(column: impl Fn(usize) -> usize) -> Self {
        Self::of(std::array::from_fn(|x| column(x) as u8))
    }
}
