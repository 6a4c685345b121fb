//! What became of customers, and what was done for them, as a team has it on record.

use chrono::NaiveDate;

/// What became of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It left.
    Churned,
    /// It stayed, as it does where it renews.
    Renewed,
}

impl Fate {
    /// The name in input and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Churned => "churned",
            Self::Renewed => "renewed",
        }
    }
}

/// What became of one customer on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The customer's id.
    pub customer: String,
    /// What became of it.
    pub fate: Fate,
    /// The day from which on that holds: the first day without the customer, or the day of the renewal.
    pub date: NaiveDate,
    /// The row of the input, from 1, the header not counted.
    pub record: u64,
}

/// How far an intervention has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InterventionStatus {
    /// It is to be done.
    Open,
    /// It was begun.
    Started,
    /// It is done.
    Done,
    /// It will not be done.
    Cancelled,
}

impl InterventionStatus {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Open, Self::Started, Self::Done, Self::Cancelled];

    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Started => "started",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether somebody acted on the customer.
    pub fn is_treatment(self) -> bool {
        matches!(self, Self::Started | Self::Done)
    }

    /// Whether something is still to be done.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Open | Self::Started)
    }
}

/// Something that the team does, or means to do, for one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intervention {
    /// The customer's id.
    pub customer: String,
    /// The day on which it is due, or was done.
    pub date: NaiveDate,
    /// What is done; empty where that is not said.
    pub play: String,
    /// Who does it; empty where that is not said.
    pub owner: String,
    /// How far it has come.
    pub status: InterventionStatus,
    /// What came of it, as the team has it; empty where that is not said.
    pub outcome: String,
    /// The row of the input, from 1, the header not counted.
    pub record: u64,
}
