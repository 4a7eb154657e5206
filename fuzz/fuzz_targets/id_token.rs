//! Made-up bytes for `targets::id_token`.
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code)] // one of all
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::id_token(data));
