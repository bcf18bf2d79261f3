#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| epcis_fuzz::run("query", data));
