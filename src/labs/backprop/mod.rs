//! The backprop lab: the homework's question 8, and the layers of question 10.

pub mod challenges;
pub mod layers;
pub mod question8;
pub mod table;
