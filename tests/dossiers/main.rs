//! Documents from templates: what stands in them, what never does, and what is said of a template that is wrong.
//!
//! `documents/` holds each shipped template for three accounts, `cases/` templates that are wrong beside what is said of them.
//! `CSM_BLESS=1 cargo test --test dossiers` writes what is made now, to be read in the diff.

mod documents;
mod hostile;
mod problems;
mod reference;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use csm::account::Account;
use csm::analysis::{Assessment, Assessor, Scope};
use csm::config::{self, Models};
use csm::intake::{self, Needs, Options, Reading, Source};
use csm::render::template::{AnyTemplate, Shipped};
use csm::report::Context;
use csm::report::dossier::{ATTRIBUTES, CustomerDossier, InternalDossier, Subject};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dossiers")
}

/// Compares a text with a stored one.
fn compare(path: &Path, found: &str) {
    if env::var_os("CSM_BLESS").is_some() {
        fs::write(path, found).expect("the stored text");
    }
    let stored = fs::read_to_string(path).unwrap_or_default();
    assert!(found == stored, "{} differs; CSM_BLESS=1 writes it anew:\n{found}", path.display());
}

static MODELS: LazyLock<Models> = LazyLock::new(|| config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}")));

/// A portfolio, read with all that documents need.
struct Portfolio {
    models: &'static Models,
    accounts: Vec<Account>,
    reading: Reading,
}

impl Portfolio {
    fn read(text: &str) -> Self {
        let models = &*MODELS;
        let needs = Needs {
            slots: models.schema.slots().map(|(slot, _)| slot).collect(),
            footprint: true,
            attributes: ATTRIBUTES.map(str::to_owned).to_vec(),
            review: true,
            ..Needs::default()
        };
        let as_of = "2026-06-30".parse().expect("a date");
        let options = Options::new(&models.schema, &models.segments, &needs, as_of);
        let mut accounts = Vec::new();
        let sources = vec![Source::new("portfolio.json", text.as_bytes())];
        let reading =
            intake::read(sources, &options, &mut |account| accounts.push(account.clone())).expect("a portfolio");
        assert_eq!(reading.problems.error_count(), 0, "{:?}", reading.problems.errors());
        Self { models, accounts, reading }
    }

    fn sample() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample_customer_data.json");
        Self::read(&fs::read_to_string(path).expect("the sample"))
    }

    fn account(&self, id: &str) -> &Account {
        self.accounts.iter().find(|account| account.id == id).expect("an account")
    }

    fn context(&self) -> Context<'_> {
        let as_of = "2026-06-30".parse().expect("a date");
        Context { models: self.models, as_of, source: "portfolio.json", reading: &self.reading }
    }

    /// What customer and team may see of an account.
    fn dossiers(&self, account: &Account, title: &str) -> (CustomerDossier, InternalDossier) {
        let context = self.context();
        let models = self.models;
        let (health, churn, expansion) = (&models.health, &models.churn, &models.expansion);
        let assessor = Assessor { health, churn, expansion, as_of: context.as_of, scope: Scope::ALL };
        let mut assessment = Assessment::default();
        assessor.assess(account, &mut assessment);
        let attributes = ATTRIBUTES.map(str::to_owned);
        let subject = Subject { title, attributes: &attributes };
        let customer = CustomerDossier::new(&context, subject, account, &assessment);
        (customer, InternalDossier::new(&context, subject, account, &assessment, &assessor))
    }

    /// The document that a shipped template makes of an account.
    fn document(&self, shipped: &Shipped, account: &Account) -> String {
        let template = shipped.load().unwrap_or_else(|error| panic!("{error}"));
        let (customer, internal) = self.dossiers(account, shipped.title);
        let text = match template {
            AnyTemplate::Customer(template) => template.render(&customer),
            AnyTemplate::Internal(template) => template.render(&internal),
        };
        text.unwrap_or_else(|error| panic!("{}: {error}", shipped.name))
    }
}
