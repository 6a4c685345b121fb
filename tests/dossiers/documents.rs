//! The shipped templates: what they make of a rich account, a thin one and a bare one, and what no customer ever reads.

use csm::analysis::{Band, Tier};
use csm::render::template::{SHIPPED, Shipped};
use csm::report::dossier::{Audience, CustomerDossier, Field, Shape};
use serde_json::Value;

use super::{Portfolio, compare, folder};

/// An account of which nothing is known but that it is there.
const BARE: &str = r#"{"customers": [{"customer_id": "BARE"}]}"#;

#[test]
fn documents_are_as_stored() {
    let sample = Portfolio::sample();
    let bare = Portfolio::read(BARE);
    for shipped in &SHIPPED {
        for (portfolio, id) in [(&sample, "CUST-1001"), (&sample, "CUST-1003"), (&bare, "BARE")] {
            let found = portfolio.document(shipped, portfolio.account(id));
            compare(&folder().join(format!("documents/{}-{id}.md", shipped.name)), &found);
        }
    }
}

fn for_customers() -> impl Iterator<Item = &'static Shipped> {
    SHIPPED.iter().filter(|shipped| shipped.audience == Audience::Customer)
}

/// All texts and numbers in a value, each by what it would be printed as.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| leaves(field, found)),
        _ => {}
    }
}

/// The texts of the team's view that the customer's view of the same account does not hold.
fn secrets(customer: &Value, internal: &Value) -> Vec<String> {
    let (mut shared, mut all) = (Vec::new(), Vec::new());
    leaves(customer, &mut shared);
    leaves(internal, &mut all);
    all.retain(|text| !shared.contains(text) && !shared.iter().any(|other| other.contains(text.as_str())));
    all
}

/// An amount or a score as documents print it.
fn printed(value: &Value) -> Option<String> {
    let number = value.as_f64().filter(|number| number.abs() >= 1.0)?;
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(grouped)
}

#[test]
fn no_internal_text_or_figure_is_in_a_document_for_the_customer() {
    let sample = Portfolio::sample();
    let mut looked_for = 0;
    for account in &sample.accounts {
        let (customer, internal) = sample.dossiers(account, "A review");
        let customer = serde_json::to_value(&customer).expect("JSON");
        let mut internal = serde_json::to_value(&internal).expect("JSON");
        // The names of metrics and of parts of a review are no secret.
        for names in ["lacking", "gaps"] {
            internal.as_object_mut().expect("an object").remove(names);
        }
        let mut secrets = secrets(&customer, &internal);
        // Words such as `high` or `none` are said of other things too.
        secrets.retain(|text| text.len() >= 10);
        let score = internal["churn"]["score"].as_f64().map(|score| format!("{score:.1}"));
        secrets.extend(score.filter(|score| !customer.to_string().contains(score.as_str())));
        let amounts = internal["plays"].as_array().expect("plays").iter().map(|play| &play["revenue"]);
        let amounts = amounts.chain([&internal["stake"], &internal["pipeline"]]).filter_map(printed);
        let arr = printed(&Value::from(account.arr)).unwrap_or_default();
        secrets.extend(amounts.map(|amount| format!("${amount}")).filter(|amount| *amount != format!("${arr}")));
        for shipped in for_customers() {
            let document = sample.document(shipped, account);
            for secret in &secrets {
                looked_for += 1;
                assert!(!document.contains(secret.as_str()), "{} of {} holds {secret:?}", shipped.name, account.id);
            }
            for word in ["churn", "playbook", "upsell", "cross-sell", "attention", "at stake", "priority"] {
                let stands = document.to_lowercase().contains(word);
                assert!(!stands, "{} of {} says {word}", shipped.name, account.id);
            }
        }
    }
    assert!(looked_for > 1000, "there is something to look for: {looked_for}");
}

#[test]
fn the_view_of_the_customer_has_no_field_for_what_is_internal() {
    const FORBIDDEN: [&str; 20] = [
        "churn",
        "tier",
        "urgent",
        "warnings",
        "playbook",
        "stake",
        "attention",
        "advice",
        "revenue",
        "priority",
        "stance",
        "internal",
        "effort",
        "urgency",
        "pipeline",
        "objections",
        "talking",
        "avoid",
        "escalations",
        "losses",
    ];
    fn names(fields: &[Field], found: &mut Vec<&'static str>) {
        for field in fields {
            found.push(field.name);
            if let Shape::Record(fields) | Shape::List(&Shape::Record(fields)) = field.shape {
                names(fields, found);
            }
        }
    }
    let mut found = Vec::new();
    names(CustomerDossier::FIELDS, &mut found);
    assert!(found.len() > 100, "{found:?}");
    for name in found {
        for forbidden in FORBIDDEN {
            assert!(!name.split('_').any(|word| word == forbidden), "{name} says {forbidden}");
        }
    }
}

#[test]
fn a_closed_gate_leaves_no_idea_for_more() {
    let sample = Portfolio::sample();
    let (mut open, mut closed) = (0, 0);
    for account in &sample.accounts {
        let (customer, internal) = sample.dossiers(account, "A review");
        if internal.team.proposable {
            open += usize::from(!customer.growth.ideas.is_empty());
        } else {
            closed += 1;
            assert_eq!(customer.growth.ideas, [], "{}", account.id);
        }
    }
    assert!(open > 0 && closed > 0, "{open} open, {closed} closed");
}

#[test]
fn what_is_missing_is_missing_and_never_bad() {
    let bare = Portfolio::read(BARE);
    for shipped in for_customers() {
        let document = bare.document(shipped, bare.account("BARE"));
        for band in Band::ALL.map(Band::name).iter().chain(&Tier::ALL.map(Tier::name)) {
            let said = document
                .lines()
                .any(|line| line.starts_with('|') && line.to_lowercase().contains(&format!("| {band} |")));
            assert!(!said, "{} calls an account {band} of which nothing is known", shipped.name);
        }
        for bad in ["below target", "above limit", "no data"] {
            assert!(!document.contains(bad), "{} says {bad}", shipped.name);
        }
    }
}

#[test]
fn every_blank_is_a_line_of_its_own_that_says_what_belongs_there() {
    let bare = Portfolio::read(BARE);
    for shipped in &SHIPPED {
        let document = bare.document(shipped, bare.account("BARE"));
        let blanks: Vec<&str> = document.lines().filter(|line| line.contains("TODO")).collect();
        assert!(!blanks.is_empty(), "{}", shipped.name);
        for blank in blanks {
            assert!(blank.starts_with("TODO: ") && blank.len() > 20, "{}: {blank}", shipped.name);
        }
    }
}
