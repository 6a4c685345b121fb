//! The parts of the notes for reviews, by their paths in the input.

use super::{Account, Review};

/// A part of the `qbr` block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReviewPart {
    /// The period under review.
    Period,
    /// The day of the meeting.
    MeetingDate,
    /// The day of the one after it.
    NextMeetingDate,
    /// Who leads the meeting.
    Lead,
    /// The period in a sentence or two.
    Summary,
    /// Who takes part.
    Attendees,
    /// Who matters at the customer.
    Stakeholders,
    /// What was achieved.
    Achievements,
    /// What the customer wants to reach.
    Goals,
    /// What the product has brought.
    ValueDelivered,
    /// What is coming in the product.
    Roadmap,
    /// What is unsolved.
    OpenIssues,
    /// What was agreed to be done.
    ActionItems,
    /// Risks that both sides speak of.
    Risks,
    /// The steps of the success plan.
    Milestones,
    /// Health of earlier periods.
    History,
}

impl ReviewPart {
    /// All parts that a customer may see, in the order of [`Review`].
    pub const ALL: [Self; 16] = [
        Self::Period,
        Self::MeetingDate,
        Self::NextMeetingDate,
        Self::Lead,
        Self::Summary,
        Self::Attendees,
        Self::Stakeholders,
        Self::Achievements,
        Self::Goals,
        Self::ValueDelivered,
        Self::Roadmap,
        Self::OpenIssues,
        Self::ActionItems,
        Self::Risks,
        Self::Milestones,
        Self::History,
    ];

    /// The dotted path of the part in the input.
    pub fn path(self) -> &'static str {
        match self {
            Self::Period => "qbr.period",
            Self::MeetingDate => "qbr.meeting_date",
            Self::NextMeetingDate => "qbr.next_meeting_date",
            Self::Lead => "qbr.csm",
            Self::Summary => "qbr.summary",
            Self::Attendees => "qbr.attendees",
            Self::Stakeholders => "qbr.stakeholders",
            Self::Achievements => "qbr.achievements",
            Self::Goals => "qbr.goals",
            Self::ValueDelivered => "qbr.value_delivered",
            Self::Roadmap => "qbr.roadmap",
            Self::OpenIssues => "qbr.open_issues",
            Self::ActionItems => "qbr.action_items",
            Self::Risks => "qbr.risks",
            Self::Milestones => "qbr.milestones",
            Self::History => "qbr.history",
        }
    }

    /// What people call the part.
    pub fn label(self) -> &'static str {
        match self {
            Self::Period => "Period under review",
            Self::MeetingDate => "Day of the meeting",
            Self::NextMeetingDate => "Day of the next meeting",
            Self::Lead => "Who leads the meeting",
            Self::Summary => "Summary of the period",
            Self::Attendees => "Attendees",
            Self::Stakeholders => "Stakeholders",
            Self::Achievements => "Achievements",
            Self::Goals => "Goals",
            Self::ValueDelivered => "Value delivered",
            Self::Roadmap => "Roadmap items",
            Self::OpenIssues => "Open issues",
            Self::ActionItems => "Action items",
            Self::Risks => "Risks both sides speak of",
            Self::Milestones => "Milestones of the success plan",
            Self::History => "Health of earlier periods",
        }
    }

    /// Whether the notes say nothing of it.
    fn is_empty_in(self, review: &Review) -> bool {
        match self {
            Self::Period => review.period.is_none(),
            Self::MeetingDate => review.meeting_date.is_none(),
            Self::NextMeetingDate => review.next_meeting_date.is_none(),
            Self::Lead => review.lead.is_none(),
            Self::Summary => review.summary.is_none(),
            Self::Attendees => review.attendees.is_empty(),
            Self::Stakeholders => review.stakeholders.is_empty(),
            Self::Achievements => review.achievements.is_empty(),
            Self::Goals => review.goals.is_empty(),
            Self::ValueDelivered => review.value_delivered.is_empty(),
            Self::Roadmap => review.roadmap.is_empty(),
            Self::OpenIssues => review.open_issues.is_empty(),
            Self::ActionItems => review.action_items.is_empty(),
            Self::Risks => review.risks.is_empty(),
            Self::Milestones => review.milestones.is_empty(),
            Self::History => review.history.is_empty(),
        }
    }
}

impl Account {
    /// Whether the notes for reviews say nothing of a part, as they do where there are none.
    pub fn lacks_review_part(&self, part: ReviewPart) -> bool {
        self.review.as_ref().is_none_or(|review| part.is_empty_in(review))
    }
}
