//! A lab for others to see: within a page of their own, and as a picture with its caption.

pub mod embed;
pub mod picture;
