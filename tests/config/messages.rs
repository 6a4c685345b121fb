//! The exact message of every check. The cases are data: `cases/*.case` holds, for each, a line `## NAME`, the overlay files, each
//! behind `>> FILE`, which may be one `mapping.toml` (or `>>! FILE` where the text has no `format = 1` of its own), and behind `<<` what is said. After a change of the
//! shipped files or of a message, `CSM_BLESS=1 cargo test` writes what is said now.

use super::*;

/// What is said of a case: the error, or that the files load.
fn said(files: &str) -> String {
    if let Some(text) = files.strip_prefix(">> mapping.toml") {
        return match config::load_mapping(
            "config/mapping.toml",
            &format!("format = 1{text}\n"),
            &shipped().schema,
            None,
        ) {
            Ok(_) => "loads".to_owned(),
            Err(error) => error.to_string(),
        };
    }
    let files = files.split("\n>>").map(|file| {
        let file = file.trim_start_matches(">>");
        let (name, text) = file.split_once('\n').unwrap_or((file, ""));
        let (name, head) = match name.strip_prefix('!') {
            Some(name) => (name, ""),
            None => (name, "format = 1\n"),
        };
        let name = name.trim();
        let file = ModelFile::from_file_name(name).unwrap_or_else(|| panic!("no model file {name}"));
        SourceFile { file, path: format!("config/{name}"), text: format!("{head}{text}\n") }
    });
    match config::load(vec![Layer { files: files.collect() }]) {
        Ok(_) => "loads".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_problem_is_shown_with_its_place_and_what_is_allowed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/config/cases");
    let bless = std::env::var_os("CSM_BLESS").is_some();
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a folder of cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file of cases");
        let mut now = String::new();
        for case in text.split("## ").skip(1) {
            let (name, body) = case.split_once('\n').expect("a name and a case");
            let (files, expected) = body.split_once("\n<<\n").unwrap_or((body, ""));
            let said = said(files.trim_end());
            if !bless {
                assert_eq!(said, expected.trim_end(), "{} of {}", name, path.display());
            }
            now.extend(["## ", name, "\n", files.trim_end(), "\n<<\n", &said, "\n\n"]);
        }
        if bless {
            std::fs::write(&path, now.trim_end().to_owned() + "\n").expect("the cases are written");
        }
    }
}
