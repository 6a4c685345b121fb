//! What documents about one account are made of: a view for the customer, which has no place for what is the team's alone, and one for
//! the team.
//!
//! A template sees nothing but the view that it is given, so what a customer must not read cannot slip into a document for them.

mod customer;
mod customer_fill;
mod internal;
mod shape;
mod team_fill;

pub use customer::{
    AchievementFacts, AdoptionFacts, CadenceFacts, ContractFacts, CustomerDossier, CustomerFacts, DimensionFacts,
    DocumentFacts, GoalFacts, GrowthFacts, HealthFacts, IdeaFacts, MetricFacts, MilestoneFacts, ModuleFacts, PastFacts,
    PersonFacts, PhaseFacts, RiskFacts, RoadmapFacts, SeatFacts, SupportFacts, TaskFacts, ValueFacts,
};
pub use internal::{
    AvoidFacts, ChangeFacts, ChurnFacts, DriverFacts, EscalationFacts, GapFacts, InternalDossier, LossFacts,
    ObjectionFacts, PlayFacts, PlaybookFacts, RenewalStageFacts, RenewalStepFacts, StanceFacts, StepFacts, TeamFacts,
    WarningFacts,
};
pub use shape::{Day, Field, FieldLine, Shape, field_lines};

use std::collections::HashSet;

use serde::Serialize;

use super::Context;
use crate::account::Account;
use crate::analysis::{Assessment, Assessor};

/// Who reads a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The customer.
    Customer,
    /// The team, and nobody else.
    Internal,
}

impl Audience {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Internal => "internal",
        }
    }

    /// The fields that a template for this audience sees, in order: those of the customer's view, then those of the team's.
    pub fn fields(self) -> Vec<Field> {
        let team: &[Field] = match self {
            Self::Customer => &[],
            Self::Internal => TeamFacts::FIELDS,
        };
        CustomerDossier::FIELDS.iter().chain(team).copied().collect()
    }
}

/// Whether the team's view has a field of this name at its root.
pub fn is_internal_field(name: &str) -> bool {
    TeamFacts::FIELDS.iter().any(|field| field.name == name)
}

/// Whether a record of the team's view has a field of this name, and none of the customer's.
pub fn is_internal_part(name: &str) -> bool {
    let mut shared = HashSet::new();
    names(CustomerDossier::FIELDS, &mut shared);
    let mut team = HashSet::new();
    names(TeamFacts::FIELDS, &mut team);
    team.contains(name) && !shared.contains(name)
}

fn names(fields: &[Field], found: &mut HashSet<&'static str>) {
    for field in fields {
        found.insert(field.name);
        if let Shape::Record(fields) | Shape::List(&Shape::Record(fields)) = field.shape {
            names(fields, found);
        }
    }
}

/// The text fields of the input that every document wants, whatever its template names.
pub const ATTRIBUTES: [&str; 2] = ["industry", "region"];

/// What a document is about, beside the account.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The title of the document.
    pub title: &'a str,
    /// The text fields that were asked for, in the order of [`Account::attributes`].
    pub attributes: &'a [String],
}

/// What a template sees of an account.
pub trait View: Serialize {
    /// Who may read it.
    const AUDIENCE: Audience;

    /// The view of an account of which nothing is known, with these attributes.
    fn blank(attributes: &[String]) -> Self;
}

impl View for CustomerDossier {
    const AUDIENCE: Audience = Audience::Customer;

    fn blank(attributes: &[String]) -> Self {
        Self { attributes: attributes.iter().map(|name| (name.clone(), None)).collect(), ..Self::default() }
    }
}

impl View for InternalDossier {
    const AUDIENCE: Audience = Audience::Internal;

    fn blank(attributes: &[String]) -> Self {
        Self { shared: CustomerDossier::blank(attributes), ..Self::default() }
    }
}

impl CustomerDossier {
    /// What the customer may see of an account.
    pub fn new(context: &Context<'_>, subject: Subject<'_>, account: &Account, assessment: &Assessment) -> Self {
        customer_fill::dossier(context, subject, account, assessment)
    }
}

impl InternalDossier {
    /// What the team may see of an account. The assessor has made the assessment, with everything in its scope.
    pub fn new(
        context: &Context<'_>,
        subject: Subject<'_>,
        account: &Account,
        assessment: &Assessment,
        assessor: &Assessor<'_>,
    ) -> Self {
        Self {
            shared: CustomerDossier::new(context, subject, account, assessment),
            team: team_fill::facts(context, account, assessment, assessor),
        }
    }
}
