//! The built app in Chromium, used as a person uses it.
//!
//! Needs `trunk build --release`, Chromium and chromedriver: `scripts/test build browser` sees to that.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

#[path = "../common/formats.rs"]
mod formats;

mod access;
mod backprop;
mod bench;
mod function;
mod gates;
mod handles;
mod home;
mod kept;
mod network;
mod notebook;
mod offline;
mod page;
mod path;
mod phone;
mod plane;
mod server;
mod share;
mod shell;
mod shipped;
mod stories;
mod train;
mod trainer;
mod workers;
