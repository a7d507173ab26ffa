//! What images are packed in: [gzip] and [tar], each unpacked as its bytes arrive.

pub mod gzip;
pub mod tar;
