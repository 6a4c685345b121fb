//! The fields of an account that are no metrics, by their paths in the input.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Account, Schema, Texts};
use crate::engine::Slot;

/// A field of an account that is no metric and stands in no block of modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The customer's id.
    Id,
    /// The customer's name.
    Name,
    /// The segment.
    Segment,
    /// Annual recurring revenue.
    Arr,
    /// The currency of the amounts.
    Currency,
    /// The day the contract began.
    Start,
    /// The day the contract ends.
    End,
    /// The last day to give notice.
    Notice,
    /// Whether the contract renews by itself.
    AutoRenew,
    /// Where the customer is in its life.
    Lifecycle,
    /// The owner of the account.
    Owner,
    /// Seats paid for.
    LicensedSeats,
    /// Seats in use.
    ActiveSeats,
    /// The plan.
    PlanTier,
    /// The plans on offer.
    AvailableTiers,
    /// The departments that use the product.
    CurrentDepartments,
    /// The departments that could.
    PotentialDepartments,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text, or a number taken as it is written.
    Name,
    /// Text.
    Text,
    /// Money per year, at least 0.
    Money,
    /// A number of at least 0.
    Count,
    /// A calendar day.
    Date,
    /// Yes or no.
    Flag,
    /// A list of text.
    Texts,
}

impl Field {
    /// All fields, in the order in which a table has them.
    pub const ALL: [Self; 17] = [
        Self::Id,
        Self::Name,
        Self::Segment,
        Self::Arr,
        Self::Currency,
        Self::Start,
        Self::End,
        Self::Notice,
        Self::AutoRenew,
        Self::Lifecycle,
        Self::Owner,
        Self::LicensedSeats,
        Self::ActiveSeats,
        Self::PlanTier,
        Self::AvailableTiers,
        Self::CurrentDepartments,
        Self::PotentialDepartments,
    ];

    /// The dotted path of the field in the input.
    pub fn path(self) -> &'static str {
        match self {
            Self::Id => "customer_id",
            Self::Name => "name",
            Self::Segment => "segment",
            Self::Arr => "arr",
            Self::Currency => "currency",
            Self::Start => "contract_start_date",
            Self::End => "contract_end_date",
            Self::Notice => "notice_date",
            Self::AutoRenew => "auto_renew",
            Self::Lifecycle => "lifecycle",
            Self::Owner => "csm",
            Self::LicensedSeats => "contract.licensed_seats",
            Self::ActiveSeats => "contract.active_seats",
            Self::PlanTier => "contract.plan_tier",
            Self::AvailableTiers => "contract.available_tiers",
            Self::CurrentDepartments => "departments.current",
            Self::PotentialDepartments => "departments.potential",
        }
    }

    /// What the field holds.
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Id | Self::Name | Self::Owner => FieldKind::Name,
            Self::Segment | Self::Currency | Self::Lifecycle | Self::PlanTier => FieldKind::Text,
            Self::Arr => FieldKind::Money,
            Self::LicensedSeats | Self::ActiveSeats => FieldKind::Count,
            Self::Start | Self::End | Self::Notice => FieldKind::Date,
            Self::AutoRenew => FieldKind::Flag,
            Self::AvailableTiers | Self::CurrentDepartments | Self::PotentialDepartments => FieldKind::Texts,
        }
    }

    /// Whether the field is about what the customer has bought and uses, which only expansion looks at.
    pub fn is_footprint(self) -> bool {
        matches!(
            self,
            Self::LicensedSeats
                | Self::ActiveSeats
                | Self::PlanTier
                | Self::AvailableTiers
                | Self::CurrentDepartments
                | Self::PotentialDepartments
        )
    }

    /// What an account has in the field, to compare and to show; empty where it has nothing. Lists have semicolons between their texts. The
    /// currency of an account is not kept with it.
    pub fn text(self, account: &Account) -> Cow<'_, str> {
        let list = |texts: &Texts| texts.iter().collect::<Vec<_>>().join("; ").into();
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default().into();
        let footprint = &account.footprint;
        match self {
            Self::Id => account.id.as_str().into(),
            Self::Name => account.name.as_str().into(),
            Self::Owner => account.owner.as_str().into(),
            Self::Segment => account.segment.as_deref().unwrap_or_default().into(),
            Self::Arr => account.arr.to_string().into(),
            Self::Currency => Cow::default(),
            Self::Start => date(account.term.start),
            Self::End => date(account.term.end),
            Self::Notice => date(account.term.notice),
            Self::AutoRenew => account.term.auto_renew.map(|flag| flag.to_string()).unwrap_or_default().into(),
            Self::Lifecycle => account.lifecycle.name().into(),
            Self::LicensedSeats => footprint.licensed_seats.to_string().into(),
            Self::ActiveSeats => footprint.active_seats.to_string().into(),
            Self::PlanTier => footprint.plan_tier.as_str().into(),
            Self::AvailableTiers => list(&footprint.available_tiers),
            Self::CurrentDepartments => list(&footprint.departments.current),
            Self::PotentialDepartments => list(&footprint.departments.potential),
        }
    }

    /// Whether an account can be seen to lack the field. The id, the name and the lifecycle have a value that stands in, and the
    /// currency is the portfolio's.
    pub fn can_lack(self) -> bool {
        !matches!(self, Self::Id | Self::Name | Self::Lifecycle | Self::Currency)
    }

    /// The position in [`Field::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

impl Account {
    /// Whether nothing is known of a field; never so of one that an account [cannot lack](Field::can_lack). An amount of 0 is what
    /// stands in for one that is unknown.
    pub fn lacks(&self, field: Field) -> bool {
        match field {
            Field::Arr => self.arr == 0.0,
            Field::LicensedSeats => self.footprint.licensed_seats == 0.0,
            Field::ActiveSeats => self.footprint.active_seats == 0.0,
            _ => field.can_lack() && field.text(self).is_empty(),
        }
    }
}

/// The block whose keys are names of modules.
pub const MODULES: &str = "product_usage";

/// The key of the day of the snapshot that a record is of.
pub const SNAPSHOT_DATE: &str = "snapshot_date";

/// The key, and the end of a key, of a date as of which data is known.
pub const AS_OF: &str = "as_of";

/// A field of a module of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModuleField {
    /// Whether the module is in use.
    Adopted,
    /// How much of it is used, in %.
    UsagePct,
}

impl ModuleField {
    /// Both fields, in order.
    pub const ALL: [Self; 2] = [Self::Adopted, Self::UsagePct];

    /// The key of the field in its module.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adopted => "adopted",
            Self::UsagePct => "usage_pct",
        }
    }
}

/// What stands at a dotted path of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'p> {
    /// A field of the account.
    Field(Field),
    /// A metric that is read.
    Metric(Slot),
    /// A field of a module.
    Module {
        /// The module's name.
        name: &'p str,
        /// Which of its fields.
        field: ModuleField,
    },
}

impl Schema {
    /// What stands at a path: a field of the account, a metric that is read, or a field of a module of any name.
    pub fn place<'p>(&self, path: &'p str) -> Option<Place<'p>> {
        if let Some(field) = Field::ALL.into_iter().find(|field| field.path() == path) {
            return Some(Place::Field(field));
        }
        if let Some(slot) = self.slot(path).filter(|slot| self.metric(*slot).derived.is_none()) {
            return Some(Place::Metric(slot));
        }
        let (name, field) = path.strip_prefix(MODULES)?.strip_prefix('.')?.rsplit_once('.')?;
        let field = ModuleField::ALL.into_iter().find(|known| known.name() == field)?;
        (!name.is_empty()).then_some(Place::Module { name, field })
    }

    /// Whether a path is that of a date as of which data is known: `BLOCK.as_of` of a whole block, `BLOCK.METRIC_as_of` of a
    /// metric.
    pub fn is_date_path(&self, path: &str) -> bool {
        let Some(rest) = path.strip_suffix(AS_OF) else { return false };
        let read = || self.metrics().iter().filter(|metric| metric.derived.is_none());
        if let Some(block) = rest.strip_suffix('.') {
            return read().any(|metric| metric.path.rsplit_once('.').is_some_and(|(known, _)| known == block));
        }
        rest.strip_suffix('_').is_some_and(|path| read().any(|metric| metric.path == path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Derived, Kind, Metric};

    #[test]
    fn paths_name_fields_metrics_and_modules() {
        let metric = |path: &str, derived| Metric { derived, ..Metric::new(path, Kind::Number) };
        let schema =
            Schema::new(vec![metric("usage.logins", None), metric("contract.days", Some(Derived::DaysToRenewal))]);
        for (path, place) in [
            ("arr", Some(Place::Field(Field::Arr))),
            ("departments.current", Some(Place::Field(Field::CurrentDepartments))),
            ("usage.logins", Some(Place::Metric(Slot(0)))),
            ("contract.days", None),
            ("usage.login", None),
            ("product_usage.api.adopted", Some(Place::Module { name: "api", field: ModuleField::Adopted })),
            ("product_usage.v1.0.usage_pct", Some(Place::Module { name: "v1.0", field: ModuleField::UsagePct })),
            ("product_usage..adopted", None),
            ("product_usage.adopted", None),
            ("product_usage.api", None),
            ("product_usageXapi.adopted", None),
            ("", None),
        ] {
            assert_eq!(schema.place(path), place, "{path}");
        }
    }

    #[test]
    fn dates_of_blocks_and_metrics_are_known() {
        let metric = |path: &str| Metric::new(path, Kind::Number);
        let schema = Schema::new(vec![metric("usage.logins"), metric("index")]);
        for (path, is_date) in [
            ("usage.as_of", true),
            ("usage.logins_as_of", true),
            ("index_as_of", true),
            ("usage.login_as_of", false),
            ("support.as_of", false),
            (".as_of", false),
            ("as_of", false),
            ("usage.logins", false),
        ] {
            assert_eq!(schema.is_date_path(path), is_date, "{path}");
        }
    }

    #[test]
    fn fields_stand_at_their_positions() {
        for (position, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), position, "{field:?}");
        }
    }
}
