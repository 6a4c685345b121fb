//! Templates that are wrong, and what is said of them.

use std::fs;

use csm::render::template::{AnyTemplate, MOST_SOURCE, SHIPPED};
use csm::report::dossier::Audience;

use super::{Portfolio, compare, folder};

#[test]
fn what_is_wrong_is_said_as_stored() {
    let mut paths: Vec<_> =
        fs::read_dir(folder().join("cases")).expect("cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    assert!(paths.len() > 10);
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        let text = fs::read_to_string(&path).expect("a template");
        let error = AnyTemplate::load(name, "A title", &text).expect_err(name);
        for problem in error.problems() {
            let line = text.lines().nth(problem.line - 1).unwrap_or_default();
            assert!(problem.column <= line.chars().count() + 1, "{name}: {problem:?}");
        }
        compare(&path.with_extension("txt"), &format!("{error}\n"));
    }
}

#[test]
fn the_first_line_says_who_a_template_is_for() {
    for (text, audience) in [
        ("", Some(Audience::Customer)),
        ("{# audience: internal #}\n{{ churn.tier }}", Some(Audience::Internal)),
        ("{#audience:internal#}", Some(Audience::Internal)),
        ("{#- audience: internal -#}\n", Some(Audience::Internal)),
        ("\u{feff}{# audience: internal #}\r\n", Some(Audience::Internal)),
        ("{# audience: customer #}", Some(Audience::Customer)),
        // Only the first line counts, so that a comment further down opens nothing.
        ("# A title\n{# audience: internal #}", Some(Audience::Customer)),
        ("{# audience: everybody #}", None),
    ] {
        let found = AnyTemplate::load("a.md", "A", text).ok().map(|template| template.audience());
        assert_eq!(found, audience, "{text:?}");
    }
}

#[test]
fn loops_and_outputs_without_end_are_stopped_with_their_place() {
    let sample = Portfolio::sample();
    let (customer, _) = sample.dossiers(sample.account("CUST-1001"), "A review");
    let nested = |depth: usize, body: &str| {
        let open = "{% for n in range(2000) %}".repeat(depth);
        format!("{open}{body}{}", "{% endfor %}".repeat(depth))
    };
    for (text, said) in [
        (nested(4, ""), "the template does too much here to ever be done"),
        (nested(2, "{{ customer.name }}"), "the template does too much here to ever be done"),
        (nested(1, &"x".repeat(5000)), "the document would be larger than 4 MiB"),
        ("{{ \"x\" * 100000000 }}".to_owned(), "the template does too much here to ever be done"),
        // What only an account with data comes to is stopped there.
        (
            format!("{{% for module in adoption.modules %}}{}{{% endfor %}}", nested(3, "")),
            "the template does too much here to ever be done",
        ),
    ] {
        let message = match AnyTemplate::load("a.md", "A", &text) {
            Err(error) => error.to_string(),
            Ok(AnyTemplate::Customer(template)) => template.render(&customer).expect_err("an end").to_string(),
            Ok(AnyTemplate::Internal(_)) => panic!("it is for the customer"),
        };
        let shown: String = message.chars().take(300).collect();
        assert!(message.contains(said) && message.contains("a.md:1:"), "{shown}");
    }
}

#[test]
fn a_template_of_any_size_and_depth_is_refused_or_made() {
    let big = "a".repeat(MOST_SOURCE + 1);
    let error = AnyTemplate::load("a.md", "A", &big).expect_err("too large");
    assert!(error.to_string().contains("at most 1048576 are read"), "{error}");
    for text in [
        "{% if true %}".repeat(10_000),
        format!("{{% if true %}}{}{{% endif %}}", "{% elif true %}".repeat(10_000)),
        format!("{{{{ {}1 }}}}", "-".repeat(10_000)),
        format!("{{{{ customer{} }}}}", ".name".repeat(10_000)),
        format!("{{{{ 1 {} }}}}", "if true else 2 ".repeat(10_000)),
        format!("{{{{ {}1{} }}}}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("{{{{ {}1 }}}}", "not ".repeat(10_000)),
        format!("{{{{ 1{} }}}}", " | abs".repeat(10_000)),
        format!("{{{{ 1{} }}}}", " + 1".repeat(10_000)),
        "{{ a }}".repeat(10_000),
        "{{".repeat(10_000),
        "{{ }}".repeat(10_000),
    ] {
        // Whether it is refused is one thing; that it comes back is the other.
        let _ = AnyTemplate::load("a.md", "A", &text);
    }
}

#[test]
fn attributes_that_a_template_names_are_known() {
    let text = "{{ attributes.territory }} {{ attributes[\"health plan\"] }}{% if attributes.industry %}{% endif %}";
    let template = AnyTemplate::load("a.md", "A", text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(template.attributes(), ["health plan", "industry", "territory"]);
}

#[test]
fn what_is_shipped_is_sound_and_says_who_it_is_for() {
    for shipped in &SHIPPED {
        let template = shipped.load().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(template.audience(), shipped.audience, "{}", shipped.name);
        // A copy of it is for the same audience.
        let copy = AnyTemplate::load("copy.md", "A", shipped.text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(copy.audience(), shipped.audience, "{}", shipped.name);
    }
}
