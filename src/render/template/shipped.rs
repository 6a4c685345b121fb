//! The templates that come with the program.

use super::{AnyTemplate, Template, TemplateError};
use crate::report::dossier::{Audience, InternalDossier};

/// A template that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its name on the command line.
    pub name: &'static str,
    /// What its documents are.
    pub title: &'static str,
    /// Who they are for.
    pub audience: Audience,
    /// What it is for, in a line.
    pub about: &'static str,
    /// The file that it is.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($name:literal, $title:literal, $audience:expr, $file:literal, $about:literal) => {
        Shipped {
            name: $name,
            title: $title,
            audience: $audience,
            about: $about,
            file: $file,
            text: include_str!(concat!("../../../assets/", $file)),
        }
    };
}

/// All of them, in the order in which they are listed.
pub const SHIPPED: [Shipped; 5] = [
    shipped!(
        "qbr",
        "Quarterly business review",
        Audience::Customer,
        "qbr_template.md",
        "the review of a quarter: value, use, support, plan, actions"
    ),
    shipped!(
        "ebr",
        "Executive business review",
        Audience::Customer,
        "executive_business_review_template.md",
        "for sponsors: partnership, value, health over time, risks, renewal"
    ),
    shipped!(
        "success-plan",
        "Success plan",
        Audience::Customer,
        "success_plan_template.md",
        "objectives, milestones by phase, risks, who speaks with whom"
    ),
    shipped!(
        "onboarding",
        "Onboarding checklist",
        Audience::Customer,
        "onboarding_checklist_template.md",
        "the first 90 days in four phases, each with a gate, from the contract start"
    ),
    shipped!(
        "prep",
        "Next meeting",
        Audience::Internal,
        "prep_sheet_template.md",
        "for yourself before any of these: risk, what changed, what to say and what not"
    ),
];

/// The position of the sheet with which the team prepares any of the others.
const PREP: usize = SHIPPED.len() - 1;

impl Template<InternalDossier> {
    /// The sheet with which the team prepares any document for a customer.
    ///
    /// # Errors
    ///
    /// Never, as the tests have it.
    pub fn prep() -> Result<Self, TemplateError> {
        let Shipped { file, title, text, .. } = SHIPPED[PREP];
        Self::load(file, title, text)
    }
}

impl Shipped {
    /// Reads the template.
    ///
    /// # Errors
    ///
    /// Never, as the tests have it: each is checked there.
    pub fn load(&self) -> Result<AnyTemplate, TemplateError> {
        match self.audience {
            Audience::Customer => Template::load(self.file, self.title, self.text).map(AnyTemplate::Customer),
            Audience::Internal => Template::load(self.file, self.title, self.text).map(AnyTemplate::Internal),
        }
    }

    /// The template of a name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SHIPPED.iter().find(|shipped| shipped.name == name)
    }
}
