//! One record of a customer laid under another.

use std::collections::HashMap;

use crate::account::{Account, Field, Filled, Kind, ModuleField, Part, PartKind, Review, same_word};
use crate::engine::{Slot, Value, Word};
use crate::intake::draft::Draft;
use crate::intake::fault::Rule;
use crate::intake::fields::Target;
use crate::intake::given::Given;
use crate::intake::{Key, Options, text};

/// From so many modules on, they are looked up.
const MANY: usize = 32;

/// One record that is laid under a draft.
pub(super) struct Merge<'m, 'a, 'o> {
    pub draft: &'m mut Draft<'a>,
    /// The record; what the draft lacks is taken out of it.
    pub account: &'m mut Account,
    pub given: &'m Given,
    /// Where the record stands.
    pub place: &'m str,
    pub options: &'m Options<'o>,
}

impl Merge<'_, '_, '_> {
    /// Fills the draft, and notes as faults what the two give differently.
    pub fn run(mut self) {
        for field in Field::ALL {
            if self.given.field(field) {
                self.field(field);
            }
        }
        for position in 0..self.options.schema.metrics().len() {
            let slot = Slot(u16::try_from(position).unwrap_or(u16::MAX));
            if self.given.metric(slot) {
                self.metric(slot);
            }
        }
        self.modules();
        self.attributes();
        self.review();
    }

    fn field(&mut self, field: Field) {
        let known = self.draft.given.field(field);
        let ours = field.text(&self.draft.account).into_owned();
        let theirs = field.text(self.account).into_owned();
        if known && !ours.is_empty() {
            let is_key = field == Field::Id && *self.options.key == Key::Id;
            let same = ours == theirs || (field == Field::Segment && same_word(&ours, &theirs));
            if field == Field::Arr {
                self.amounts();
            } else if !same && !is_key && !theirs.is_empty() {
                self.conflict(Target::Field(field), &ours, &theirs);
            }
            return;
        }
        self.draft.given.add_field(field);
        let (ours, theirs) = (&mut self.draft.account, &mut *self.account);
        match field {
            Field::Id => std::mem::swap(&mut ours.id, &mut theirs.id),
            Field::Name => std::mem::swap(&mut ours.name, &mut theirs.name),
            Field::Owner => std::mem::swap(&mut ours.owner, &mut theirs.owner),
            Field::Segment => {
                std::mem::swap(&mut ours.segment, &mut theirs.segment);
                ours.profile = theirs.profile;
            }
            Field::Arr => ours.arr = theirs.arr,
            Field::Currency => {}
            Field::Start => ours.term.start = theirs.term.start,
            Field::End => ours.term.end = theirs.term.end,
            Field::Notice => ours.term.notice = theirs.term.notice,
            Field::AutoRenew => ours.term.auto_renew = theirs.term.auto_renew,
            Field::Lifecycle => ours.lifecycle = theirs.lifecycle,
            Field::LicensedSeats => ours.footprint.licensed_seats = theirs.footprint.licensed_seats,
            Field::ActiveSeats => ours.footprint.active_seats = theirs.footprint.active_seats,
            Field::PlanTier => std::mem::swap(&mut ours.footprint.plan_tier, &mut theirs.footprint.plan_tier),
            Field::AvailableTiers => {
                std::mem::swap(&mut ours.footprint.available_tiers, &mut theirs.footprint.available_tiers);
            }
            Field::CurrentDepartments => {
                std::mem::swap(&mut ours.footprint.departments.current, &mut theirs.footprint.departments.current);
            }
            Field::PotentialDepartments => {
                std::mem::swap(&mut ours.footprint.departments.potential, &mut theirs.footprint.departments.potential);
            }
        }
    }

    /// Compares amounts. Where they come from other currencies, a last digit of the conversion is no conflict, and what is shown is
    /// not what stands in either source.
    fn amounts(&mut self) {
        let (ours, theirs) = (self.draft.account.arr, self.account.arr);
        match self.options.rates {
            None if ours != theirs => {
                self.conflict(Target::Field(Field::Arr), &ours.to_string(), &theirs.to_string());
            }
            Some(rates) if (ours - theirs).abs() > 1e-9 * ours.max(theirs) => {
                let in_base =
                    |amount: f64| format!("{} {}", (amount * 100.0).round() / 100.0, text::plain(&rates.base));
                let (ours, theirs) = (in_base(ours), in_base(theirs));
                let theirs = format!("{theirs} where this is {ours}");
                let node = self.draft.fields.find(Target::Field(Field::Arr));
                self.draft.fault(node, None, Rule::Conflict { ours, theirs, place: self.place.to_owned() });
            }
            _ => {}
        }
    }

    fn metric(&mut self, slot: Slot) {
        let theirs = self.account.row.get(slot);
        if !self.draft.given.metric(slot) {
            self.draft.given.add_metric(slot);
            self.draft.account.row.set(slot, theirs);
            // The age of a value comes from where the value comes from.
            for (_, age) in self.draft.fields.ages.iter().filter(|(of, _)| *of == slot) {
                self.draft.account.row.set(*age, self.account.row.get(*age));
            }
            if let Some(word) = self.account.other_word(slot) {
                self.draft.account.other_words.push((slot, word.to_owned()));
            }
            return;
        }
        let (ours, theirs) = (self.metric_shown(&self.draft.account, slot), self.metric_shown(self.account, slot));
        if ours != theirs {
            self.conflict(Target::Metric(slot), &ours, &theirs);
        }
    }

    fn metric_shown(&self, account: &Account, slot: Slot) -> String {
        match account.row.get(slot) {
            Value::Absent => String::new(),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Word(Word::OTHER) => account.other_word(slot).unwrap_or_default().to_owned(),
            Value::Word(word) => match &self.options.schema.metric(slot).kind {
                Kind::Word(vocabulary) => vocabulary.text(word).unwrap_or_default().to_owned(),
                _ => String::new(),
            },
        }
    }

    fn modules(&mut self) {
        let known = &self.draft.account.footprint.modules;
        // Few are searched faster than they are looked up; very many are not searched at all.
        let many = known.len() > MANY && self.account.footprint.modules.len() > MANY;
        let places: Option<HashMap<String, usize>> =
            many.then(|| known.iter().enumerate().map(|(place, module)| (module.name.to_owned(), place)).collect());
        for (position, theirs) in self.account.footprint.modules.iter().enumerate() {
            let given = self.given.modules.get(position).copied().unwrap_or_default();
            let ours = match &places {
                Some(places) => places.get(theirs.name).copied(),
                None => self.draft.account.footprint.modules.iter().position(|module| module.name == theirs.name),
            };
            let Some(ours) = ours else {
                self.draft.account.footprint.modules.push(theirs);
                self.draft.given.modules.push(given);
                continue;
            };
            let before = self.draft.given.modules.get(ours).copied().unwrap_or_default();
            let Some(known) = self.draft.account.footprint.modules.get(ours) else { continue };
            let mut adopted = known.adopted;
            let mut usage_pct = known.usage_pct;
            let mut conflicts = Vec::new();
            for field in ModuleField::ALL.into_iter().filter(|field| given >> *field as u8 & 1 == 1) {
                let is_known = before >> field as u8 & 1 == 1;
                match field {
                    ModuleField::Adopted if !is_known => adopted = theirs.adopted,
                    ModuleField::Adopted if adopted != theirs.adopted => {
                        conflicts.push((field, adopted.to_string(), theirs.adopted.to_string()));
                    }
                    ModuleField::UsagePct if !is_known => usage_pct = theirs.usage_pct,
                    ModuleField::UsagePct if usage_pct != theirs.usage_pct => {
                        conflicts.push((field, usage_pct.to_string(), theirs.usage_pct.to_string()));
                    }
                    _ => {}
                }
            }
            let name = theirs.name.to_owned();
            self.draft.account.footprint.modules.set_usage(ours, adopted, usage_pct);
            if let Some(known) = self.draft.given.modules.get_mut(ours) {
                *known |= given;
            }
            for (field, ours, theirs) in conflicts {
                let rule = Rule::Conflict {
                    ours: text::quoted(&ours),
                    theirs: text::quoted(&theirs),
                    place: self.place.to_owned(),
                };
                self.draft.fault_in_module(&name, field, rule);
            }
        }
    }

    fn attributes(&mut self) {
        for position in 0..self.account.attributes.len() {
            let ours = self.draft.account.attributes.get(position).unwrap_or_default().to_owned();
            let theirs = self.account.attributes.get(position).unwrap_or_default();
            if ours.is_empty() {
                self.draft.account.attributes.replace(position, theirs);
            } else if !theirs.is_empty() && ours != theirs {
                let theirs = theirs.to_owned();
                self.conflict(Target::Attribute(u16::try_from(position).unwrap_or(u16::MAX)), &ours, &theirs);
            }
        }
    }

    fn review(&mut self) {
        let Some(mut theirs) = self.account.review.take() else { return };
        let Some(mut ours) = self.draft.account.review.take() else {
            self.draft.account.review = Some(theirs);
            return;
        };
        for part in Part::all() {
            if part.fill(&mut ours, &mut theirs) == Filled::Differing {
                let (ours, theirs) = (part_shown(&mut ours, part), part_shown(&mut theirs, part));
                self.conflict(Target::Part(part), &ours, &theirs);
            }
        }
        self.draft.account.review = Some(ours);
    }

    fn conflict(&mut self, target: Target, ours: &str, theirs: &str) {
        let rule =
            Rule::Conflict { ours: text::quoted(ours), theirs: text::quoted(theirs), place: self.place.to_owned() };
        let node = self.draft.fields.find(target);
        self.draft.fault(node, None, rule);
    }
}

/// What a review has in a part, to show.
fn part_shown(review: &mut Review, part: Part) -> String {
    match part.kind() {
        PartKind::Text(at) => at(review).clone().unwrap_or_default(),
        PartKind::Date(at) => at(review).map(|day| day.to_string()).unwrap_or_default(),
        PartKind::List(list) => list.titles(review).join("; "),
    }
}
