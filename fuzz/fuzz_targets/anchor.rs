//! Made-up bytes for `targets::anchor`.
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code)] // one of all
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::anchor(data));
