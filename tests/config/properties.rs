//! What holds for any overlay.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// The keys of all shipped values.
static KEYS: LazyLock<Vec<(ModelFile, String)>> =
    LazyLock::new(|| shipped().effective.origins().into_iter().map(|origin| (origin.file, origin.key)).collect());

/// The text of an overlay that changes one of the shipped values to another of its kind or of any other.
fn overlay() -> impl Strategy<Value = (ModelFile, String)> {
    let values = prop_oneof![
        Just("true".to_owned()),
        Just("nan".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("{ remove = true }".to_owned()),
        Just("[ { at-least = 1, say = \"{value}\" }, 5 ]".to_owned()),
        Just("1979-05-27".to_owned()),
        (-200.0..200.0f64).prop_map(|number| number.to_string()),
        "[a-z{}_]{0,8}".prop_map(|word| format!("{word:?}")),
    ];
    let keys = any::<prop::sample::Index>().prop_map(|index| index.get(&KEYS).clone());
    (keys, 0..4usize, values).prop_map(|((file, key), cut, value)| {
        // Cut at dots outside of quotes, so that whole tables are replaced too.
        let mut key = key.as_str();
        for _ in 0..cut {
            let dot =
                key.char_indices().rev().find(|(at, letter)| *letter == '.' && key[*at..].matches('"').count() != 1);
            key = dot.map_or(key, |(at, _)| &key[..at]);
        }
        (file, format!("{key} = {value}\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_change_loads_or_is_refused_with_its_place((file, text) in overlay()) {
        match load(&[(file, &text)]) {
            Ok(models) => {
                // Another layer that says the same changes nothing more.
                let twice = config::load(vec![layer(&[(file, &text)]), layer(&[(file, &text)])]);
                if let Ok(twice) = twice {
                    prop_assert_eq!(twice.fingerprint, models.fingerprint);
                }
                let empty = config::load(vec![layer(&[(file, &text)]), layer(&ModelFile::ALL.map(|file| (file, "")))]).unwrap();
                prop_assert_eq!(empty.fingerprint, models.fingerprint);
                prop_assert_eq!(empty.effective.origins(), models.effective.origins());
                prop_assert!(empty.effective.overlays().count() <= 1);
            }
            Err(error) => {
                prop_assert!(!error.problems().is_empty());
                for problem in error.problems() {
                    prop_assert!(problem.line >= 1 && problem.column >= 1);
                    prop_assert!(problem.message.contains('^'), "{}", problem.message);
                }
            }
        }
    }

    #[test]
    fn any_text_is_loaded_or_refused(text in "([a-z.\"'=\\[\\]{}#,0-9\\\\ \n\t]|\\PC|[\u{0}-\u{1f}\u{202e}]){0,80}", file in 0..6usize) {
        let source = SourceFile { file: ModelFile::ALL[file], path: "x\u{1b}[31m".into(), text };
        if let Err(error) = config::load(vec![Layer { files: vec![source] }]) {
            prop_assert!(!error.to_string().contains('\u{1b}'), "{error}");
        }
    }

    #[test]
    fn a_shipped_file_cut_anywhere_is_loaded_or_refused(file in 0..6usize, cut in any::<prop::sample::Index>(), extra in "[\\PC\n\"]{0,3}") {
        let file = ModelFile::ALL[file];
        let shipped = file.shipped();
        let mut at = cut.index(shipped.len());
        while !shipped.is_char_boundary(at) {
            at -= 1;
        }
        let text = format!("base = \"none\"\n{}{extra}", &shipped[..at]);
        let source = SourceFile { file, path: "cut".into(), text };
        let _ = config::load(vec![Layer { files: vec![source] }]);
    }
}

#[test]
fn an_empty_overlay_changes_nothing() {
    let plain = shipped();
    let models = load(&ModelFile::ALL.map(|file| (file, ""))).expect("a model");
    assert_eq!(models.fingerprint, plain.fingerprint);
    assert_eq!(models.effective.origins(), plain.effective.origins());
    assert_eq!(models.effective.overlays().count(), 0);
    assert_eq!(models.health, plain.health);
    assert_eq!(models.wording, plain.wording);
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = "a.".repeat(100_000) + "a = 1";
    let nested = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let tables = format!("a = {}", "{ a = ".repeat(100_000));
    let long = format!("{} = 1", "k".repeat(1_000_000));
    let dots = format!("[groups.usage]\nlabel = \"{}\"", ".".repeat(1000));
    let hidden = format!("x = \"\"\"a\\\"\"\" \"\"\"\n[{}a]", "a.".repeat(100_000));
    for text in [deep, nested, tables, long, hidden] {
        assert!(load(&[(ModelFile::Health, &text)]).is_err());
    }
    assert!(load(&[(ModelFile::Health, &dots)]).is_ok(), "dots in a text are no key");
}
