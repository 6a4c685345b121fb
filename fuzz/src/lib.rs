//! What is done with an input is shared with the test that replays the stored corpus.

#[path = "../../tests/fuzz/targets/mod.rs"]
pub mod targets;
