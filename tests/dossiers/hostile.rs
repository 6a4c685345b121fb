//! Text from the data that means harm is shown and does nothing else.

use std::sync::LazyLock;

use csm::render::template::SHIPPED;
use proptest::prelude::*;
use serde_json::json;

use super::Portfolio;

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "[click](https://example.com)",
    "![x](y)",
    "=HYPERLINK(\"https://example.com\")",
    "\u{1b}[31mred\u{202e}txt.exe",
    "a|b|c\n| --- |\n# heading",
    "`code` *bold* _em_",
    "{{ churn.score }}{% for x in y %}",
    "../../etc/passwd",
];

/// A portfolio of one account that says this text wherever it can.
fn portfolio(text: &str) -> Portfolio {
    let account = json!({"customers": [{
        "customer_id": text, "name": text, "segment": text, "csm": text, "industry": text, "region": text, "arr": 1000,
        "contract": {"plan_tier": text, "available_tiers": [text, "enterprise"], "licensed_seats": 10, "active_seats": 10},
        "product_usage": {"m": {"adopted": true, "usage_pct": 50}},
        "departments": {"current": [text], "potential": [text, "x"]},
        "qbr": {
            "period": text, "summary": text, "csm": text,
            "attendees": [{"name": text, "role": text, "company": text}],
            "stakeholders": [{"name": text, "role": text, "stance": text}],
            "achievements": [{"title": text, "result": text}],
            "goals": [{"title": text, "measure": text, "target": text, "actual": text, "status": text}],
            "value_delivered": [{"title": text, "amount": text, "evidence": text}],
            "roadmap": [{"title": text, "expected": text, "benefit": text}],
            "open_issues": [{"title": text, "severity": text, "owner": text}],
            "action_items": [{"title": text, "owner": text}],
            "risks": [{"title": text, "impact": text, "mitigation": text}],
            "milestones": [{"title": text, "phase": text}],
            "internal_notes": [text],
        },
    }]});
    Portfolio::read(&account.to_string())
}

/// The documents of an account that says nothing but plain words.
static PLAIN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let plain = portfolio("plain words");
    SHIPPED.iter().map(|shipped| plain.document(shipped, &plain.accounts[0])).collect()
});

/// How often each mark of Markdown and HTML stands in a document without a backslash before it.
fn marks(document: &str) -> [usize; 6] {
    ['<', '[', ']', '`', '*', '|'].map(|mark| {
        let bare = |(place, character): (usize, char)| {
            let before = document[..place].bytes().rev().take_while(|byte| *byte == b'\\').count();
            character == mark && before.is_multiple_of(2)
        };
        document.char_indices().filter(|found| bare(*found)).count()
    })
}

/// Checks that a text adds no mark to any document that plain words would not.
fn check(text: &str) {
    let hostile = portfolio(text);
    for (shipped, expected) in SHIPPED.iter().zip(&*PLAIN) {
        let document = hostile.document(shipped, &hostile.accounts[0]);
        let harmless = |character: char| character == '\n' || !character.is_control() && character != '\u{202e}';
        assert!(document.chars().all(harmless), "{} of {text:?}", shipped.name);
        assert_eq!(marks(&document), marks(expected), "{} of {text:?}:\n{document}", shipped.name);
        assert_eq!(document.lines().count(), expected.lines().count(), "{} of {text:?}", shipped.name);
    }
}

#[test]
fn hostile_text_is_harmless_in_every_document() {
    for text in HOSTILE {
        check(text);
    }
    check(&"x".repeat(10_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_text_is_harmless_in_every_document(text in "\\PC{1,60}|.{1,60}|[<>\\[\\]`*_|\\\\(){}#\n ]{1,40}") {
        check(&format!("x{text}x"));
    }
}
