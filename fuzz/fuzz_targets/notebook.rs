#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| piecewise_fuzz::notebook(bytes));
