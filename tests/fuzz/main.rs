//! Replays the corpus of every fuzz target.

mod targets;

use std::fs;
use std::panic;
use std::path::Path;

use targets::TARGETS;

#[test]
fn the_corpus_gives_no_surprise() {
    let mut failed = Vec::new();
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
        let mut paths: Vec<_> =
            fs::read_dir(&folder).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "{name}");
        for path in paths {
            let input = fs::read(&path).expect("an input");
            if panic::catch_unwind(|| target(&input)).is_err() {
                failed.push(path.clone());
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
