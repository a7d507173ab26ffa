//! What outlives a reload, in the browser's own file system for this origin: runs, uploaded files, and who has them now.
//! Where storage is denied or full, nothing is kept, a sentence says so, and all else works.

pub(super) mod files;
mod folder;
pub(super) mod locks;
pub(super) mod runs;
mod writer;
