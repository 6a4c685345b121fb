//! The account that a record is being read into.

use std::fmt::Write as _;
use std::mem;

use chrono::NaiveDate;

use super::fault::{Fault, Rule};
use super::fields::{Fields, NodeId, Target};
use super::given::{Given, Names};
use super::problem::Severity;
use super::review;
use super::sightings::Sightings;
use super::value::Scalar;
use super::{Dating, Options};
use crate::account::{
    Account, Field, Footprint, Kind, Lifecycle, Metric, Module, ModuleField, Part, Review, Schema, Texts,
};
use crate::config::mapping::Rates;
use crate::engine::{Slot, Value, Word};

/// An account in the making, refilled for each record: a format calls [`Draft::clear`], hands over what it finds at the
/// fields, and has it checked: [`Draft::close`] ends what its source says, [`Draft::settle`] what all sources together say.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub fields: &'a Fields,
    options: &'a Options<'a>,
    /// What has been read; complete once finished.
    pub account: Account,
    /// The currency that the record names, as it spells it; empty where it names none.
    pub currency: String,
    /// The currency that a sign beside the ARR names; `$` where it is that of some dollar.
    pub sign: Option<&'static str>,
    /// What another field than the id gives to join by; empty where the id is joined by.
    pub key: String,
    /// The fields that the record gave.
    pub given: Given,
    /// What is wrong with the record, in the order of its fields.
    pub faults: Vec<Fault>,
    /// The text fields in which a number stood that only the record's own text gives back digit for digit.
    pub spelled: Vec<NodeId>,
    /// Which of the attributes that were asked for the records have.
    pub sightings: Sightings,
    /// The name of the module at hand.
    pub module: String,
    adopted: bool,
    usage_pct: f64,
    module_given: u8,
    modules: Names,
    spare_segment: String,
    /// The dates as of which metrics are known; their ages are counted once it is known from which day on.
    dates: Vec<(NodeId, Target, NaiveDate)>,
}

impl<'a> Draft<'a> {
    /// A draft for records with these fields.
    pub fn new(fields: &'a Fields, options: &'a Options<'a>) -> Self {
        Self {
            fields,
            options,
            account: Account::new(options.schema),
            currency: String::new(),
            sign: None,
            key: String::new(),
            given: Given::new(options.schema),
            faults: Vec::new(),
            spelled: Vec::new(),
            sightings: Sightings::new(&options.needs.attributes),
            module: String::new(),
            adopted: false,
            usage_pct: 0.0,
            module_given: 0,
            modules: Names::default(),
            spare_segment: String::new(),
            dates: Vec::new(),
        }
    }

    /// Forgets the record and keeps the memory.
    pub fn clear(&mut self) {
        if let Some(segment) = self.account.segment.take() {
            self.spare_segment = segment;
        }
        self.account.clear();
        for _ in &self.options.needs.attributes {
            self.account.attributes.push("");
        }
        self.currency.clear();
        self.sign = None;
        self.key.clear();
        self.given.clear();
        self.faults.clear();
        self.spelled.clear();
        self.modules.clear();
        self.dates.clear();
    }

    /// The day that the record is of.
    fn day(&self) -> NaiveDate {
        self.account.snapshot.unwrap_or(self.options.as_of)
    }

    /// Whether the record has an error.
    pub fn is_invalid(&self) -> bool {
        self.faults.iter().any(|fault| fault.rule.severity() == Severity::Error)
    }

    /// Notes that something is wrong with a field, or an item of its list.
    pub fn fault(&mut self, node: NodeId, item: Option<usize>, rule: Rule) {
        let module = self.fields.path(node).iter().any(|step| self.fields.node(*step).is_module);
        let module = module.then(|| self.module.clone());
        self.faults.push(Fault { node, module, item, key: None, rule });
    }

    /// Reads into the notes for reviews, and takes over what is found to be wrong with them.
    pub fn review(&mut self, read: impl FnOnce(&mut Review, &mut Vec<Fault>)) {
        let mut review = self.account.review.take().unwrap_or_default();
        read(&mut review, &mut self.faults);
        self.account.review = (*review != Review::default()).then_some(review);
    }

    /// Notes that something is wrong with a field of the module of this name.
    pub fn fault_in_module(&mut self, name: &str, field: ModuleField, rule: Rule) {
        let node = self.fields.find_in_module(name, field);
        self.faults.push(Fault { node, module: Some(name.to_owned()), item: None, key: None, rule });
    }

    /// Takes the value of a field.
    pub fn scalar(&mut self, node: NodeId, scalar: Scalar<'_>) {
        let targets = &self.fields.node(node).targets;
        let rule = match targets.as_slice() {
            [target] => self.put(node, *target, &scalar),
            [] => Some(Rule::Kind),
            many => many.iter().fold(None, |rule, target| rule.or(self.put(node, *target, &scalar))),
        };
        if let Some(rule) = rule {
            self.fault(node, None, rule);
        }
    }

    /// Takes an item of a field that is a list of text.
    pub fn item(&mut self, node: NodeId, position: usize, scalar: Scalar<'_>) {
        let Scalar::Text(text) = scalar else { return self.fault(node, Some(position), Rule::Kind) };
        let fields = self.fields;
        for target in &fields.node(node).targets {
            match *target {
                Target::Field(field) => {
                    if let Some(list) = list(&mut self.account.footprint, field) {
                        list.push(text);
                        self.given.add_field(field);
                    }
                }
                Target::Part(part) => {
                    let mut rule = None;
                    self.review(|review, _| rule = review::add(review, part, position, text).err());
                    if let Some(rule) = rule {
                        self.fault(node, Some(position), rule);
                    }
                }
                _ => {}
            }
        }
    }

    /// Begins the module that is named in `module`; false where the record had it already.
    pub fn begin_module(&mut self) -> bool {
        self.adopted = false;
        self.usage_pct = 0.0;
        self.module_given = 0;
        self.modules.add(&self.module)
    }

    /// Ends the module at hand, which is one of the account's.
    pub fn end_module(&mut self) {
        let module = Module { name: &self.module, adopted: self.adopted, usage_pct: self.usage_pct };
        self.account.footprint.modules.push(module);
        self.given.modules.push(self.module_given);
    }

    /// Ends the record as its source gives it: ages are counted, its segment is looked up, and dates without a value of their metric are
    /// dropped, since another source may give that.
    pub fn close(&mut self) {
        self.count_ages();
        for (metric, age) in &self.fields.ages {
            if !self.given.metric(*metric) {
                self.account.row.set(*age, Value::Absent);
            }
        }
        let segments = self.options.segments;
        let found = self.account.segment.as_deref().map(|segment| segments.find(segment));
        self.account.profile = found.flatten().unwrap_or_else(|| segments.default_profile());
        if found == Some(None) {
            self.fault_at(Field::Segment, Rule::UnknownSegment);
        }
    }

    /// Fills what follows from the fields of all sources, and what is absent in all of them.
    pub fn settle(&mut self) {
        let account = &mut self.account;
        let no_id = account.id.is_empty();
        if no_id {
            account.id.push_str("unknown");
        }
        if account.name.is_empty() {
            account.name.push_str("Unknown");
        }
        for (slot, derived) in &self.fields.derived {
            account.derive(*slot, *derived, account.snapshot.unwrap_or(self.options.as_of));
        }
        let dating = self.options.needs.dating;
        if no_id {
            self.fault_at(Field::Id, if dating.follows() { Rule::Unfollowed } else { Rule::NoId });
        }
        if dating == Dating::Required && self.account.snapshot.is_none() {
            let node = self.fields.find(Target::Snapshot);
            if self.faults.iter().all(|fault| fault.node != node) {
                self.fault(node, None, Rule::NoSnapshot);
            }
        }
    }

    /// Turns the ARR, which stands in the currency that the record or its source names, into that of the rates. A currency without an
    /// ARR says nothing.
    pub fn convert(&mut self, rates: &Rates) {
        if !self.given.field(Field::Arr) {
            return;
        }
        if self.currency.is_empty() {
            if self.account.arr > 0.0 {
                self.fault_at(Field::Currency, Rule::NoCurrency(rates.base.clone()));
            }
            return;
        }
        match rates.rate(&self.currency) {
            Some(rate) => self.account.arr *= rate,
            None => self.fault_at(self.currency_field(), Rule::NoRate(rates.currencies().join(", "))),
        }
        if self.account.arr > MOST {
            self.fault_at(Field::Arr, Rule::TooMuchIn(rates.base.clone()));
        }
    }

    /// The field that names the currency: its own, or the ARR with a sign beside it.
    pub fn currency_field(&self) -> Field {
        if self.given.field(Field::Currency) { Field::Currency } else { Field::Arr }
    }

    /// Notes that something is wrong with one of the fields that are always read.
    pub fn fault_at(&mut self, field: Field, rule: Rule) {
        self.fault(self.fields.find(Target::Field(field)), None, rule);
    }

    /// Notes that something is wrong with what records are joined by.
    pub fn fault_at_key(&mut self, rule: Rule) {
        self.fault(self.fields.find(Target::of_key(self.options.key)), None, rule);
    }

    /// Puts the number of a text field there as the record spells it.
    pub fn spell(&mut self, node: NodeId, digits: &str) {
        for target in &self.fields.node(node).targets {
            let account = &mut self.account;
            let text = match target {
                Target::Field(Field::Id) => &mut account.id,
                Target::Field(Field::Name) => &mut account.name,
                Target::Field(Field::Owner) => &mut account.owner,
                Target::Attribute(position) => {
                    account.attributes.replace(usize::from(*position), digits);
                    continue;
                }
                _ => continue,
            };
            text.clear();
            text.push_str(digits);
        }
    }

    /// Puts a value in its place; gives what is wrong with it. The scalar is borrowed, since copying one that was only just made means
    /// waiting for it.
    fn put(&mut self, node: NodeId, target: Target, scalar: &Scalar<'_>) -> Option<Rule> {
        let rule = match target {
            Target::Metric(slot) => self.metric(slot, *scalar),
            Target::Field(field) => self.field(node, field, *scalar),
            Target::Module(field) => self.module_field(field, *scalar),
            Target::MetricDate(_) | Target::BlockDate(_) => match scalar.day() {
                Some(day) => {
                    self.dates.push((node, target, day));
                    return None;
                }
                None => return Some(Rule::Kind),
            },
            Target::Snapshot => {
                self.account.snapshot = scalar.day();
                return self.account.snapshot.is_none().then_some(Rule::Kind);
            }
            Target::Key => return self.key(*scalar),
            Target::Attribute(position) => return self.attribute(node, usize::from(position), *scalar),
            Target::Part(part) => return self.part(part, *scalar),
        };
        if rule.as_ref().is_none_or(Rule::takes_value) {
            match target {
                Target::Metric(slot) => self.given.add_metric(slot),
                Target::Field(field) => self.given.add_field(field),
                Target::Module(field) => self.module_given |= 1 << field as u8,
                _ => {}
            }
        }
        rule
    }

    /// Counts ages from the dates of metrics and of their blocks; a metric's own date goes first.
    fn count_ages(&mut self) {
        let today = self.day();
        let mut dates = mem::take(&mut self.dates);
        for (node, target, day) in dates.drain(..) {
            let (Target::MetricDate(age) | Target::BlockDate(age)) = target else { continue };
            let row = &mut self.account.row;
            let days = (today - day).num_days();
            if matches!(target, Target::MetricDate(_)) || row.get(age).is_absent() {
                row.set(age, Value::Number(days.max(0) as f64));
            }
            // One date may be that of several metrics, and is told once.
            let is_told = || self.faults.iter().any(|fault| fault.node == node);
            if days < 0 && !is_told() {
                self.fault(node, None, Rule::FutureDate(today));
            }
        }
        self.dates = dates;
    }

    fn key(&mut self, scalar: Scalar<'_>) -> Option<Rule> {
        self.key.clear();
        match scalar {
            Scalar::Text(text) => self.key.push_str(text),
            Scalar::Natural(number) => _ = write!(self.key, "{number}"),
            Scalar::Whole(number) => _ = write!(self.key, "{number}"),
            Scalar::Real(_) | Scalar::Flag(_) | Scalar::Day(_) => return Some(Rule::Kind),
        }
        None
    }

    fn attribute(&mut self, node: NodeId, position: usize, scalar: Scalar<'_>) -> Option<Rule> {
        self.sightings.see(position);
        match scalar.written() {
            Some(text) => self.account.attributes.replace(position, &text),
            None => self.spelled.push(node),
        }
        None
    }

    fn part(&mut self, part: Part, scalar: Scalar<'_>) -> Option<Rule> {
        let mut rule = None;
        self.review(|review, _| rule = review::put(review, part, scalar).err());
        rule
    }

    fn field(&mut self, node: NodeId, field: Field, scalar: Scalar<'_>) -> Option<Rule> {
        let account = &mut self.account;
        match field {
            Field::Id => return self.name(node, scalar, |account| &mut account.id),
            Field::Name => return self.name(node, scalar, |account| &mut account.name),
            Field::Owner => return self.name(node, scalar, |account| &mut account.owner),
            Field::Segment => {
                let Scalar::Text(text) = scalar else { return Some(Rule::Kind) };
                if !text.is_empty() {
                    let mut segment = mem::take(&mut self.spare_segment);
                    segment.clear();
                    segment.push_str(text);
                    account.segment = Some(segment);
                }
            }
            Field::Currency => return replace(&mut self.currency, scalar, str::trim),
            Field::PlanTier => return replace(&mut account.footprint.plan_tier, scalar, |text| text),
            Field::Lifecycle => {
                let Scalar::Text(text) = scalar else { return Some(Rule::Kind) };
                match Lifecycle::from_word(text) {
                    Some(lifecycle) => account.lifecycle = lifecycle,
                    None => return Some(Rule::UnknownLifecycle),
                }
            }
            Field::Start | Field::End | Field::Notice => {
                let Some(day) = scalar.day() else { return Some(Rule::Kind) };
                match field {
                    Field::Start => account.term.start = Some(day),
                    Field::End => account.term.end = Some(day),
                    _ => account.term.notice = Some(day),
                }
            }
            Field::AutoRenew => match scalar.flag() {
                Some(flag) => account.term.auto_renew = Some(flag),
                None => return Some(Rule::Kind),
            },
            Field::Arr | Field::LicensedSeats | Field::ActiveSeats => {
                let number = match amount(scalar) {
                    Ok(number) => number,
                    Err(rule) => return Some(rule),
                };
                match field {
                    Field::Arr => account.arr = number,
                    Field::LicensedSeats => account.footprint.licensed_seats = number,
                    _ => account.footprint.active_seats = number,
                }
            }
            Field::AvailableTiers | Field::CurrentDepartments | Field::PotentialDepartments => {
                return Some(Rule::Kind);
            }
        }
        None
    }

    fn module_field(&mut self, field: ModuleField, scalar: Scalar<'_>) -> Option<Rule> {
        match field {
            ModuleField::Adopted => match scalar.flag() {
                Some(flag) => self.adopted = flag,
                None => return Some(Rule::Kind),
            },
            ModuleField::UsagePct => match amount(scalar) {
                Ok(number) => {
                    self.usage_pct = number;
                    return beyond(number, (0.0, 100.0));
                }
                Err(rule) => return Some(rule),
            },
        }
        None
    }

    fn metric(&mut self, slot: Slot, scalar: Scalar<'_>) -> Option<Rule> {
        let schema: &'a Schema = self.options.schema;
        let metric: &'a Metric = schema.metric(slot);
        let account = &mut self.account;
        match &metric.kind {
            Kind::Number => {
                let Some(number) = scalar.number() else { return Some(Rule::Kind) };
                if metric.minimum.is_some_and(|minimum| number < minimum) {
                    return Some(Rule::Kind);
                }
                account.row.set(slot, Value::Number(number));
                metric.range.and_then(|range| beyond(number, range))
            }
            Kind::Flag => {
                let Some(flag) = scalar.flag() else { return Some(Rule::Kind) };
                account.row.set(slot, Value::Flag(flag));
                None
            }
            Kind::Word(vocabulary) => {
                let Scalar::Text(text) = scalar else { return Some(Rule::Kind) };
                let word = vocabulary.word(text);
                account.row.set(slot, Value::Word(word));
                (word == Word::OTHER).then(|| {
                    account.other_words.push((slot, text.to_owned()));
                    Rule::UnknownWord(slot)
                })
            }
        }
    }

    fn name(
        &mut self,
        node: NodeId,
        scalar: Scalar<'_>,
        field: impl FnOnce(&mut Account) -> &mut String,
    ) -> Option<Rule> {
        let name = field(&mut self.account);
        name.clear();
        match scalar {
            Scalar::Text(text) => name.push_str(text),
            Scalar::Natural(number) => _ = write!(name, "{number}"),
            Scalar::Whole(number) => _ = write!(name, "{number}"),
            Scalar::Real(_) => self.spelled.push(node),
            Scalar::Flag(_) | Scalar::Day(_) => return Some(Rule::Kind),
        }
        None
    }
}

/// The list that a field is, where it is one.
fn list(footprint: &mut Footprint, field: Field) -> Option<&mut Texts> {
    match field {
        Field::AvailableTiers => Some(&mut footprint.available_tiers),
        Field::CurrentDepartments => Some(&mut footprint.departments.current),
        Field::PotentialDepartments => Some(&mut footprint.departments.potential),
        _ => None,
    }
}

/// A number of at least 0 that is not beyond [`MOST`].
fn amount(scalar: Scalar<'_>) -> Result<f64, Rule> {
    match scalar.number().filter(|number| *number >= 0.0) {
        None => Err(Rule::Kind),
        Some(number) if number > MOST => Err(Rule::TooMuch),
        Some(number) => Ok(number),
    }
}

fn replace(place: &mut String, scalar: Scalar<'_>, part: impl FnOnce(&str) -> &str) -> Option<Rule> {
    let Scalar::Text(text) = scalar else { return Some(Rule::Kind) };
    place.clear();
    place.push_str(part(text));
    None
}

/// The largest amount of money, the most seats, the highest usage: sums of millions of them, and products with any price, stay far from what a
/// double cannot hold.
pub const MOST: f64 = 1e15;

/// What is odd about a number beyond its plausible range.
fn beyond(number: f64, (low, high): (f64, f64)) -> Option<Rule> {
    if (low..=high).contains(&number) {
        return None;
    }
    let is_share = low >= 0.0 && high <= 1.0;
    Some(if is_share && number > 1.0 && number <= 100.0 { Rule::Percentage(low, high) } else { Rule::Range(low, high) })
}
