//! Bounds that are written back: into any layout, and nothing else changes.

use csm::config::{Bound, write_bounds};
use proptest::prelude::*;

use super::*;

const NOTE: &str = "from history/, 2026-01-31 to 2026-06-30, recall 0.8";

/// Writes bounds of bands of segments, and of tiers, into a file, which is in use.
fn written(file: ModelFile, text: &str, bounds: &[(&str, f64)]) -> String {
    let in_use = SourceFile { file, path: file.file_name().into(), text: text.into() };
    let models = loaded(&in_use);
    let bounds = named(&models, bounds);
    let text = write_bounds(&models, &in_use, &bounds, NOTE).unwrap_or_else(|error| panic!("{error}"));
    let models = loaded(&SourceFile { text: text.clone(), ..in_use });
    for (bound, figure) in bounds {
        assert_eq!(bound.of(&models), Some(figure), "{bound:?}\n{text}");
    }
    text
}

fn loaded(file: &SourceFile) -> Models {
    let layer = Layer { files: vec![file.clone()] };
    config::load(vec![layer]).unwrap_or_else(|error| panic!("{error}\n{}", file.text))
}

/// `smb green`, `high` and the like.
fn named(models: &Models, bounds: &[(&str, f64)]) -> Vec<(Bound, f64)> {
    let bound = |name: &str| match name.split_once(' ') {
        Some((segment, band)) => {
            let profile = models.segments.find(segment).unwrap_or_else(|| panic!("{segment}"));
            if band == "green" { Bound::Green(profile) } else { Bound::Yellow(profile) }
        }
        None if name == "critical" => Bound::Critical,
        None if name == "high" => Bound::High,
        None => Bound::Medium,
    };
    bounds.iter().map(|(name, figure)| (bound(name), *figure)).collect()
}

/// Texts before and after, with `NOTE` for the line that says where bounds come from.
const BANDS: [(&str, &str); 20] = [
    // In braces.
    (
        "format = 1 # the format\n\n# ours\n[segments.smb]\nlabel = 'Small'   # kept\n  bands = {yellow=40,  green = 65.0} # ours too\n",
        "format = 1 # the format\n\n# ours\n[segments.smb]\nlabel = 'Small'   # kept\n  NOTE\n  bands = {yellow=41.5,  green = 70} # ours too\n",
    ),
    (
        "format = 1\nsegments = { smb = { bands = { green = 65 } } }",
        "format = 1\nNOTE\nsegments = { smb = { bands = { green = 70, yellow = 41.5 } } }",
    ),
    (
        "format = 1\nsegments = { \"smb\".bands.green = 65 }\n",
        "format = 1\nNOTE\nsegments = { \"smb\".bands.green = 70, smb.bands.yellow = 41.5 }\n",
    ),
    (
        "format = 1\nsegments = { smb.label = \"S\" }\n",
        "format = 1\nNOTE\nsegments = { smb.bands = { green = 70, yellow = 41.5 }, smb.label = \"S\" }\n",
    ),
    ("format = 1\nsegments.smb = {}\n", "format = 1\nNOTE\nsegments.smb = { bands = { green = 70, yellow = 41.5 } }\n"),
    ("format = 1\nsegments = { }\n", "format = 1\nNOTE\nsegments = { smb.bands = { green = 70, yellow = 41.5 } }\n"),
    (
        "format = 1\n[segments.smb]\nbands = {\n  green = 65, # a bar\n  # and another\n  yellow = 40,\n}\n",
        "format = 1\n[segments.smb]\nNOTE\nbands = {\n  green = 70, # a bar\n  # and another\n  yellow = 41.5,\n}\n",
    ),
    // By keys with dots.
    (
        "format = 1\n[segments.smb]\nlabel = \"S\"\n\tbands . \"green\" = 65 # why\n# end",
        "format = 1\n[segments.smb]\nlabel = \"S\"\n\tNOTE\n\tbands . \"green\" = 70 # why\n\tbands . yellow = 41.5\n# end",
    ),
    (
        "format = 1\n[segments]\nsmb.bands.green = 6.5e1 # why\nsmb.label = \"S\"\n",
        "format = 1\n[segments]\nNOTE\nsmb.bands.green = 70 # why\nsmb.bands.yellow = 41.5\nsmb.label = \"S\"\n",
    ),
    (
        "format = 1\nsegments.smb.label = \"S\"",
        "format = 1\nsegments.smb.label = \"S\"\n\nNOTE\n[segments.smb.bands]\ngreen = 70\nyellow = 41.5\n",
    ),
    (
        "\u{feff}segments.smb.bands.yellow = 40\nformat = 1",
        "\u{feff}NOTE\nsegments.smb.bands.yellow = 41.5\nsegments.smb.bands.green = 70\nformat = 1",
    ),
    // Below headers.
    (
        "format = 1\r\n[segments.smb.bands] # bars\r\n\r\n# low\r\nyellow = 40\r\n# high\r\ngreen = 65",
        "format = 1\r\nNOTE\r\n[segments.smb.bands] # bars\r\n\r\n# low\r\nyellow = 41.5\r\n# high\r\ngreen = 70",
    ),
    (
        "format = 1\n[segments.'smb'.bands]\n  green = 65",
        "format = 1\nNOTE\n[segments.'smb'.bands]\n  green = 70\n  yellow = 41.5",
    ),
    (
        "format = 1\n[ segments . smb ] # ours\n[segments.enterprise]\n",
        "format = 1\n[ segments . smb ] # ours\nNOTE\nbands = { green = 70, yellow = 41.5 }\n[segments.enterprise]\n",
    ),
    ("format = 1\r\n[segments.smb.bands]", "format = 1\r\nNOTE\r\n[segments.smb.bands]\r\ngreen = 70\r\nyellow = 41.5"),
    (
        "format = 1\n[segments.smb.benchmarks]\nopen_tickets = 12\n",
        "format = 1\n[segments.smb.benchmarks]\nopen_tickets = 12\n\nNOTE\n[segments.smb.bands]\ngreen = 70\nyellow = 41.5\n",
    ),
    // Not there yet.
    ("format = 1\n", "format = 1\n\n[segments.smb]\nNOTE\nbands = { green = 70, yellow = 41.5 }\n"),
    (
        "format = 1\r\n[segments.enterprise]\r\nlabel = \"E\"",
        "format = 1\r\n[segments.enterprise]\r\nlabel = \"E\"\r\n\r\n[segments.smb]\r\nNOTE\r\nbands = { green = 70, yellow = 41.5 }\r\n",
    ),
    // A note of an earlier run goes, wherever it stands in the comment above; what only looks like one does not.
    (
        "format = 1\n# a\n # csm calibrate: of old\n# b\nsegments.smb.bands = { green = 65, yellow = 40 }\n",
        "format = 1\n# a\n NOTE\n# b\nsegments.smb.bands = { green = 70, yellow = 41.5 }\n",
    ),
    (
        "format = 1\n[segments.smb]\nlabel = \"\"\"\n# csm calibrate: no note\"\"\"\nbands.green = 65\n",
        "format = 1\n[segments.smb]\nlabel = \"\"\"\n# csm calibrate: no note\"\"\"\nNOTE\nbands.green = 70\nbands.yellow = 41.5\n",
    ),
];

#[test]
fn bounds_are_written_into_any_layout_and_nothing_else_changes() {
    let note = format!("# csm calibrate: {NOTE}");
    for (before, after) in BANDS {
        let expected = after.replace("NOTE", &note);
        let text = written(ModelFile::Segments, before, &[("smb green", 70.0), ("smb yellow", 41.5)]);
        assert_eq!(text, expected, "{before}");
        // What is there already is left as it is.
        assert_eq!(written(ModelFile::Segments, &text, &[("smb green", 70.0), ("smb yellow", 41.5)]), expected);
        // The next time, the note is replaced.
        let again = written(ModelFile::Segments, &text, &[("smb green", 71.0)]);
        assert_eq!(again.replace("71", "70"), expected);
    }
}

#[test]
fn tiers_are_written_too() {
    let note = format!("# csm calibrate: {NOTE}");
    for (before, after) in [
        ("format = 1\n", "format = 1\n\nNOTE\n[tiers]\nhigh = 62.5\nmedium = 38\n"),
        ("format = 1\ntiers.high=60\n", "format = 1\nNOTE\ntiers.high=62.5\ntiers.medium = 38\n"),
        ("format = 1\ntiers = { medium = 40 }\n", "format = 1\nNOTE\ntiers = { medium = 38, high = 62.5 }\n"),
        (
            "format = 1\n\n# bars\n[tiers]\n  # a\n  high = 60\n",
            "format = 1\n\n# bars\nNOTE\n[tiers]\n  # a\n  high = 62.5\n  medium = 38\n",
        ),
    ] {
        let text = written(ModelFile::Churn, before, &[("high", 62.5), ("medium", 38.0)]);
        assert_eq!(text, after.replace("NOTE", &note), "{before}");
    }
}

/// In the shipped files, only the figures change and the notes come in.
#[test]
fn the_shipped_files_keep_every_other_byte() {
    let bounds = [("enterprise green", 72.5), ("smb green", 61.0), ("smb yellow", 38.0)];
    let text = written(ModelFile::Segments, ModelFile::Segments.shipped(), &bounds);
    let note = format!("# csm calibrate: {NOTE}\n");
    assert_eq!(text.matches(&note).count(), 2);
    let changed = text
        .replace(&note, "")
        .replace("bands = { green = 72.5, yellow = 50 }", "bands = { green = 75, yellow = 50 }")
        .replace("bands = { green = 61, yellow = 38 }", "bands = { green = 65, yellow = 40 }");
    assert_eq!(changed, ModelFile::Segments.shipped());

    let text = written(ModelFile::Churn, ModelFile::Churn.shipped(), &[("critical", 85.0), ("medium", 42.0)]);
    let changed = text.replace(&note, "").replace("critical = 85\n", "critical = 80\n");
    assert_eq!(changed.replace("medium = 42\n", "medium = 40\n"), ModelFile::Churn.shipped());
}

#[test]
fn segments_are_found_as_the_model_spells_them() {
    let text = ModelFile::Segments.shipped().replace("[segments.smb", "[segments.\"Klein & mittel\"");
    let base = SourceFile {
        file: ModelFile::Segments,
        path: "base/segments.toml".into(),
        text: text.replacen("format = 1", "format = 1\nbase = \"none\"", 1),
    };
    let models = config::load(vec![Layer { files: vec![base.clone()] }]).unwrap_or_else(|error| panic!("{error}"));
    let profile = models.segments.find("klein & mittel").unwrap();
    let overlay = SourceFile { file: ModelFile::Segments, path: "segments.toml".into(), text: "format = 1\n".into() };
    let text = write_bounds(&models, &overlay, &[(Bound::Green(profile), 70.0)], "by\na\u{202e} test ").unwrap();
    assert_eq!(
        text,
        "format = 1\n\n[segments.\"Klein & mittel\"]\n# csm calibrate: by a  test\nbands = { green = 70 }\n"
    );
    let layers = vec![Layer { files: vec![base] }, Layer { files: vec![SourceFile { text, ..overlay }] }];
    let models = config::load(layers).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(Bound::Green(profile).of(&models), Some(70.0));
}

#[test]
fn what_stands_in_the_way_is_told_with_its_place() {
    let models = shipped();
    let profile = models.segments.find("smb").unwrap();
    for (text, message) in [
        ("format = 1\n[segments.smb]\nbands = 3\n", "`bands` is a number, expected a table"),
        ("format = 1\nsegments.smb.bands.green = \"70\"\n", "`green` is a string, expected a number"),
        ("format = 1\n[segments", "not TOML"),
        ("format = 2\n", "format 2 is not supported"),
    ] {
        let file = SourceFile { file: ModelFile::Segments, path: "segments.toml".into(), text: text.into() };
        let error = write_bounds(&models, &file, &[(Bound::Green(profile), 70.0)], NOTE).unwrap_err();
        assert!(error.problems()[0].title.starts_with(message), "{text}: {error}");
    }
}

/// So many of the layouts have both bounds.
const ALL_THERE: usize = 6;
/// How the bands of a segment are written; `G` and `Y` stand for the bounds.
const LAYOUTS: [&str; 8] = [
    "[segments.NAME]\nbands = { green = G, yellow = Y }\n",
    "[segments.NAME]\nlabel = '''\n# x\n[y]''' # z\n  bands = {yellow=Y , green=G} # bars\n",
    "[segments.NAME]\n# low\nbands.yellow = Y\nlabel = \"green = 1\"\n# high\nbands.green = G # high\n",
    "# csm calibrate: long ago\n[segments.NAME.bands]\ngreen = G\n\n# low\nyellow = Y\n[segments.NAME.benchmarks]\nopen_tickets = 12\n",
    "[segments]\n\"NAME\" = { label = \"}\", bands.green = G, bands.'yellow' = Y }\n",
    "[segments]\nNAME.label = \"x\"\n'NAME'.bands = { # bars\n  green = G, yellow = Y, # both\n}\n",
    "[segments.NAME]\nlabel = \"only a label\" # kept\n",
    "[segments.NAME.benchmarks]\n\nopen_tickets = 12\n",
];

fn filled(template: &str, name: &str, [green, yellow]: [f64; 2]) -> String {
    template.replace("NAME", name).replace('G', &green.to_string()).replace('Y', &yellow.to_string())
}

prop_compose! {
    /// Two bounds in order, in tenths.
    fn bands()(yellow in 1..1000u32)(green in yellow + 1..=1000, yellow in Just(yellow)) -> [f64; 2] {
        [f64::from(green) / 10.0, f64::from(yellow) / 10.0]
    }
}

/// How a segment is laid out, and its bounds before and after.
type Layout = (usize, [f64; 2], [f64; 2]);

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_layout_only_bounds_change(
        layouts in prop::collection::vec((0..LAYOUTS.len(), bands(), bands()), 3),
        windows in any::<bool>(),
        marked in any::<bool>(),
        open in any::<bool>(),
    ) {
        // `[segments]` can stand only once in a file.
        prop_assume!(layouts.iter().filter(|(layout, ..)| LAYOUTS[*layout].starts_with("[segments]\n")).count() < 2);
        let names = ["enterprise", "mid-market", "smb"];
        let told = |which: fn(&Layout) -> [f64; 2]| {
            let parts = layouts.iter().zip(names).map(|(layout, name)| filled(LAYOUTS[layout.0], name, which(layout)));
            let mut text = format!("{}# ours\nformat = 1\n\n{}# end\n", if marked { "\u{feff}" } else { "" }, parts.collect::<String>());
            if open {
                text.truncate(text.len() - 1);
            }
            if windows { text.replace('\n', "\r\n") } else { text }
        };
        let mut bounds = Vec::new();
        for ((_, _, [green, yellow]), name) in layouts.iter().zip(names) {
            bounds.push((format!("{name} green"), *green));
            bounds.push((format!("{name} yellow"), *yellow));
        }
        let bounds: Vec<(&str, f64)> = bounds.iter().map(|(name, figure)| (name.as_str(), *figure)).collect();
        let text = written(ModelFile::Segments, &told(|(_, before, _)| *before), &bounds);
        prop_assert_eq!(&written(ModelFile::Segments, &text, &bounds), &text);

        let without_notes = |text: &str| -> String {
            text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("# csm calibrate: ")).collect()
        };
        let (text, expected) = (without_notes(&text), without_notes(&told(|(.., after)| *after)));
        if layouts.iter().all(|(layout, ..)| *layout < ALL_THERE) {
            prop_assert_eq!(text, expected);
        } else {
            // Every other line is still there, in its order.
            let mut lines = text.lines();
            for line in expected.lines() {
                prop_assert!(lines.any(|other| other == line), "{line}\n{text}");
            }
        }
    }
}
