#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| gs1_fuzz::run("link", data));
