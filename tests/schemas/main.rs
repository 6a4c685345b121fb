//! The schemas accept what the program reads and writes, and refuse what it refuses.

mod files;
mod input;
mod output;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = project().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Runs the program in the project's folder; what it prints.
fn csm(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(project())
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .args(arguments)
        .output()
        .expect("csm runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The schema that `csm schema` prints.
fn schema(arguments: &[&str]) -> Validator {
    let schema = json(&csm(&[&["schema"], arguments].concat()));
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

/// What is wrong with a value; empty where nothing is.
fn faults(schema: &Validator, value: &Value) -> Vec<String> {
    schema.iter_errors(value).flat_map(|error| told(&error)).collect()
}

/// A fault in words. Where no alternative fits, those of the one that comes nearest.
fn told(error: &ValidationError<'_>) -> Vec<String> {
    match error.kind() {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let nearest = context.iter().min_by_key(|errors| errors.len());
            nearest.into_iter().flatten().flat_map(told).collect()
        }
        _ => vec![format!("{}: {error:.200}", error.instance_path())],
    }
}

fn assert_valid(schema: &Validator, value: &Value, name: &str) {
    let faults = faults(schema, value);
    assert!(faults.is_empty(), "{name}: {:.2000}", faults.join("\n"));
}

/// A document with one key renamed, and where that key stood.
struct Renamed {
    path: Vec<String>,
    document: Value,
}

/// The document with each of its keys misspelt in turn; of a list, only what is in its first entry. `free` says of which objects, by
/// the keys that lead there, the user or the model chose the names; positions in lists are left out.
fn misspellings(document: &Value, free: impl Fn(&[&str]) -> bool) -> Vec<Renamed> {
    let mut found = Vec::new();
    visit(document, &mut Vec::new(), &mut |path, pointer, map: &Map<String, Value>| {
        if free(path) {
            return;
        }
        for key in map.keys() {
            let mut document = document.clone();
            let renamed = document.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object is there");
            let value = renamed.remove(key).expect("a key of it");
            renamed.insert(format!("{key}x"), value);
            let path = path.iter().copied().chain([key.as_str()]).map(str::to_owned).collect();
            found.push(Renamed { path, document });
        }
    });
    found
}

type Visitor<'v> = dyn FnMut(&[&str], &str, &Map<String, Value>) + 'v;

fn visit<'d>(value: &'d Value, path: &mut Vec<(&'d str, String)>, each: &mut Visitor<'_>) {
    match value {
        Value::Object(map) => {
            let keys: Vec<&str> = path.iter().map(|(key, _)| *key).filter(|key| !key.is_empty()).collect();
            let pointer: String = path.iter().flat_map(|(_, step)| ["/", step]).collect();
            each(&keys, &pointer, map);
            for (key, value) in map {
                path.push((key, key.replace('~', "~0").replace('/', "~1")));
                visit(value, path, each);
                path.pop();
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                path.push(("", "0".to_owned()));
                visit(first, path, each);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The files of this name ending in and under a folder of the project.
fn files_under(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![project().join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
