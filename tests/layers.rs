//! The dependency direction of the house: each module uses only those below it, as `references/architecture.md` lays down.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules and what each may use beside itself.
const ALLOWED: [(&str, &[&str]); 10] = [
    ("workers", &[]),
    ("engine", &[]),
    ("account", &["workers", "engine"]),
    ("analysis", &["workers", "engine", "account"]),
    ("evidence", &["workers", "engine", "account", "analysis"]),
    ("config", &["workers", "engine", "account", "analysis", "evidence"]),
    // Of `config`, `intake` needs the mappings of columns; what it needs of the model is a schema, which lives in `account`.
    ("intake", &["workers", "engine", "account", "analysis", "evidence", "config"]),
    ("report", &["workers", "engine", "account", "analysis", "evidence", "config", "intake"]),
    ("render", &["workers", "engine", "account", "analysis", "evidence", "config", "intake", "report"]),
    ("cli", &["workers", "engine", "account", "analysis", "evidence", "config", "intake", "report", "render"]),
];

/// What a module must not know of, beside [`OUTSIDE`]: the core reads, writes and prints nothing.
const FOREIGN: [(&str, &[&str]); 9] = [
    ("workers", &["serde", "serde_json", "toml", "chrono", "std::io", "println", "eprintln"]),
    ("engine", &["serde", "serde_json", "toml", "chrono", "std::io", "std::time", "println", "eprintln"]),
    ("account", &["serde", "serde_json", "toml", "std::io", "std::time", "println", "eprintln"]),
    ("analysis", &["serde", "serde_json", "toml", "std::io", "std::time", "println", "eprintln"]),
    ("evidence", &["serde", "serde_json", "toml", "std::io", "std::time", "println", "eprintln"]),
    ("config", &["serde_json", "std::io", "std::time", "println", "eprintln"]),
    ("intake", &["toml", "std::time", "println", "eprintln"]),
    ("report", &["toml", "std::time", "println", "eprintln"]),
    ("render", &["toml", "std::time", "println", "eprintln"]),
];

/// Files, environment, clock, command line and terminal: only `cli` knows of them.
const OUTSIDE: [&str; 19] = [
    "fs",
    // The macro `env!` reads what was known when the program was built.
    "std::env",
    "env::var",
    "env::var_os",
    "env::current_dir",
    "SystemTime",
    "Instant",
    "Utc",
    "Local",
    "stdin",
    "stdout",
    "stderr",
    "print",
    "eprint",
    "dbg",
    "clap",
    "tempfile",
    "terminal_size",
    "etcetera",
];

/// Crates that lay text out and colour it: only `render` knows of them.
const LAYOUT: [&str; 2] = ["comfy_table", "owo_colors"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The Rust files in and under a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// A file as the parts of its path under `src`, without the extension; the last one of `mod.rs` is left out.
fn module_path(path: &Path) -> Vec<String> {
    let relative = path.strip_prefix(source()).expect("a file of src").with_extension("");
    let mut parts: Vec<String> = relative.iter().map(|part| part.to_str().expect("UTF-8").to_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The code of a file: comments and the contents of text are blank.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = raw_text(rest) {
            raw
        } else if character == '"' {
            quoted(rest)
        } else if let Some(length) = character_literal(rest) {
            length
        } else {
            code.push(character);
            rest = &rest[character.len_utf8()..];
            continue;
        };
        code.extend(rest[..skipped].chars().filter(|skipped| *skipped == '\n'));
        code.push(' ');
        rest = &rest[skipped..];
    }
    code
}

/// The length of the raw text that stands here.
fn raw_text(rest: &str) -> Option<usize> {
    let behind = rest.strip_prefix('r')?;
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    let body = behind[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(1 + hashes + 1 + body.find(&end)? + end.len())
}

/// The length of the text in quotes that stands here.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, character)| match character {
        _ if escaped => {
            escaped = false;
            false
        }
        '\\' => {
            escaped = true;
            false
        }
        character => *character == '"',
    });
    end.map_or(rest.len(), |(position, _)| position + 1)
}

/// The length of the character in quotes that stands here; a lifetime is none.
fn character_literal(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return body[2..].find('\'').map(|end| 1 + 2 + end + 1);
    }
    let character = body.chars().next()?;
    body[character.len_utf8()..].starts_with('\'').then(|| character.len_utf8() + 2)
}

/// The words of code: identifiers, and `::` where it joins them.
fn words(code: &str) -> Vec<&str> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_word(first) {
            rest.find(|character| !is_word(character)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        words.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    words
}

/// The paths that are used, each as the joined words from its first: those of a `use` tree too.
fn used_paths(words: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let starts = matches!(words[at], "crate" | "super") && (at == 0 || words[at - 1] != "::");
        if starts && words.get(at + 1) == Some(&"::") {
            at = tree(words, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Follows a path, or a tree of them in braces, and returns where it ends.
fn tree(words: &[&str], mut at: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    loop {
        match words.get(at) {
            Some(&"{") => {
                at += 1;
                while words.get(at).is_some_and(|word| *word != "}") {
                    at = if words[at] == "," { at + 1 } else { tree(words, at, &path, found) };
                }
                return at + 1;
            }
            Some(word) => {
                path.push((*word).to_owned());
                at += 1;
            }
            None => {
                found.push(path);
                return at;
            }
        }
        if words.get(at) == Some(&"::") {
            at += 1;
        } else {
            // `as NAME` belongs to the entry of a tree.
            if words.get(at) == Some(&"as") {
                at += 2;
            }
            found.push(path);
            return at;
        }
    }
}

/// The module that a path leads to from a file whose code is this deep below `src`; `None` for a path that stays inside.
fn target(path: &[String], depth: usize) -> Option<String> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    if path[0] == "crate" {
        return path.get(1).cloned();
    }
    (ups >= depth).then(|| path.get(ups).cloned().unwrap_or_else(|| "super".to_owned()))
}

#[test]
fn every_module_is_in_the_house() {
    for entry in fs::read_dir(source()).expect("src") {
        let path = entry.expect("an entry").path();
        let module = module_path(&path).remove(0);
        let known = ALLOWED.iter().any(|(name, _)| *name == module);
        assert!(known || module == "lib" || module == "main", "{} has no place", path.display());
    }
}

#[test]
fn modules_use_only_those_below_them() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (module, allowed) in ALLOWED {
        let folder = source().join(module);
        let mut paths = Vec::new();
        if folder.is_dir() {
            files(&folder, &mut paths);
        }
        for path in paths {
            let text = fs::read_to_string(&path).expect("a source file");
            let code = code(&text);
            // A module in a file of its own may hold one more, such as its tests.
            let depth = module_path(&path).len();
            for used in used_paths(&words(&code)) {
                seen += 1;
                if let Some(target) = target(&used, depth)
                    && target != module
                    && !allowed.contains(&target.as_str())
                {
                    wrong.push(format!("{} uses {}", path.display(), used.join("::")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 100, "the sources are read: {seen} paths");
}

/// The names of a list that stand in the files of a module, as words of code.
fn mentions(module: &str, names: &[&str]) -> Vec<String> {
    let mut paths = Vec::new();
    let folder = source().join(module);
    if folder.is_dir() {
        files(&folder, &mut paths);
    }
    let mut found = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a source file");
        let code = code(&text);
        let words = words(&code);
        for name in names {
            let parts: Vec<&str> = name.split("::").flat_map(|part| ["::", part]).skip(1).collect();
            if words.windows(parts.len()).any(|window| window == parts) {
                found.push(format!("{} mentions {name}", path.display()));
            }
        }
    }
    found
}

#[test]
fn inner_modules_know_nothing_of_the_outer_world() {
    let mut wrong = Vec::new();
    for (module, _) in ALLOWED.iter().filter(|(module, _)| *module != "cli") {
        let own = FOREIGN.iter().find(|(name, _)| name == module);
        let own = own.unwrap_or_else(|| panic!("{module} has no list of what is foreign to it")).1;
        wrong.extend(mentions(module, own));
        wrong.extend(mentions(module, &OUTSIDE));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!mentions("cli", &OUTSIDE).is_empty(), "the names are found where they stand");
}

#[test]
fn only_render_lays_text_out() {
    let others = ALLOWED.iter().filter(|(module, _)| *module != "render");
    let wrong: Vec<String> = others.flat_map(|(module, _)| mentions(module, &LAYOUT)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for name in LAYOUT {
        assert!(!mentions("render", &[name]).is_empty(), "{name} is found where it stands");
    }
}

#[test]
fn paths_are_found_in_code_and_only_there() {
    let text = r##"
        //! crate::cli and [`crate::render`]
        use crate::account::{Account, term::{self, Term}};
        use crate::{engine as machine, analysis::Band};
        fn f<'a>(x: &'a str) -> char { let _ = "crate::cli \" crate::cli"; let _ = r#"crate::cli"#; '"' }
        /* crate::cli */
        pub(crate) fn g() { super::super::h(crate::intake::READ) }
    "##;
    let code = code(text);
    let found: Vec<String> = used_paths(&words(&code)).iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        [
            "crate::account::Account",
            "crate::account::term::self",
            "crate::account::term::Term",
            "crate::engine",
            "crate::analysis::Band",
            "super::super::h",
            "crate::intake::READ",
        ]
    );
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    for (used, depth, module) in [
        ("crate::account::Account", 2, Some("account")),
        ("super::Scorecard", 2, None),
        ("super::super::render", 2, Some("render")),
        ("super::render", 1, Some("render")),
        ("super::super::Context", 3, None),
    ] {
        assert_eq!(target(&path(used), depth).as_deref(), module, "{used}");
    }
}
