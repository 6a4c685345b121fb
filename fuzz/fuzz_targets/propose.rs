#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| csm_fuzz::targets::propose(data));
