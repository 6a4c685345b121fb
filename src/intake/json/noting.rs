//! Problems, with their places in the input.

use std::io::Read;

use super::Form;
use super::locate::{Found, Step, describe, locate, value_at};
use super::portfolio::{Reader, Stop};
use super::syntax;
use crate::intake::buffer::Place;
use crate::intake::fault::{Fault, Rule};
use crate::intake::fields::NodeId;
use crate::intake::problem::{Excerpt, Problem, Severity};
use crate::intake::text;

/// The most faults of one record that are kept in full.
const LOCATED: usize = 100;

impl<R: Read + Send> Reader<'_, '_, '_, R> {
    /// A problem of the record at hand, or of the file where there is none, at a place.
    pub(super) fn problem(&self, severity: Severity, place: Place, found: &str, allowed: &str) -> Problem {
        Problem { line: place.line, column: place.column, ..self.desk.problem(severity, found, allowed) }
    }

    /// Notes an error of the file, which is unusable then.
    pub(super) fn file_error(&mut self, field: &str, place: Place, found: &str, allowed: &str) {
        let problem = self.problem(Severity::Error, place, found, allowed);
        self.desk.give_up(Problem { field: field.to_owned(), ..problem });
    }

    /// Notes that the input is nothing that can be read, from the byte at hand on.
    pub(super) fn refuse(&mut self, found: &str, allowed: &str) -> Stop {
        let place = self.buffer.place(0);
        self.file_error("", place, found, allowed);
        Stop::Unusable
    }

    /// Notes that the value at hand is too large.
    pub(super) fn too_long(&mut self) -> Stop {
        self.refuse("more than 16 MiB", "expected less in one value")
    }

    /// Notes that the byte at `at` is no JSON, or missing.
    pub(super) fn syntax(&mut self, at: usize, expected: &str) -> Result<Stop, Stop> {
        // What is told of it may depend on what stands around the block, which is read again with that.
        if self.buffer.is_block() {
            return Ok(Stop::Unusable);
        }
        let (before, cut, after) = self.buffer.around(at)?;
        let ends = after.is_empty();
        let excerpt = Excerpt::new(before, cut, after);
        let found = match String::from_utf8_lossy(&after[..after.len().min(4)]).chars().next() {
            Some(character) => text::quoted(&character.to_string()),
            None => "the end of the input".to_owned(),
        };
        let allowed = if ends { "expected more: it is cut off".to_owned() } else { format!("not JSON: {expected}") };
        let place = self.buffer.place(at);
        let problem = self.problem(Severity::Error, place, &found, &allowed);
        let problem = Problem { excerpt: Some(excerpt), ..problem };
        if self.form == Form::Lines && self.desk.record.is_some() {
            self.desk.problems.add(Severity::Error, Some(problem));
            return Ok(Stop::Line);
        }
        self.desk.give_up(problem);
        Ok(Stop::Unusable)
    }

    /// Notes the faults of the record at hand. Each is looked up from the record's start, so of a record with very many the later
    /// ones are only counted.
    pub(super) fn note_faults(&mut self, length: usize) {
        let faults = std::mem::take(&mut self.desk.draft.faults).into_iter().enumerate();
        let mut found: Vec<(Severity, Option<Problem>)> = faults
            .map(|(position, fault)| {
                let severity = fault.rule.severity();
                let keeps = position < LOCATED && self.desk.problems.keeps(severity);
                (severity, keeps.then(|| self.located(&fault, length)))
            })
            .collect();
        found.sort_by_key(|(_, problem)| {
            problem.as_ref().map_or((u64::MAX, 0), |problem| (problem.line, problem.column))
        });
        for (severity, problem) in found {
            self.desk.problems.add(severity, problem);
        }
    }

    /// Notes that the record at hand holds a value that is JSON but cannot be taken: that of a field, or a key at an offset.
    pub(super) fn note_unreadable(
        &mut self,
        node: NodeId,
        item: Option<usize>,
        key: Option<usize>,
        error: &serde_json::Error,
        length: usize,
    ) {
        let rule = Rule::Unreadable(syntax::why_unreadable(error));
        self.desk.draft.fault(node, item, rule);
        let Some(fault) = self.desk.draft.faults.pop() else { return };
        let problem = self.desk.problems.keeps(Severity::Error).then(|| {
            let mut problem = self.located(&fault, length);
            if let Some(at) = key {
                let place = self.buffer.place(at);
                (problem.line, problem.column) = (place.line, place.column);
                "a key".clone_into(&mut problem.found);
            }
            problem
        });
        self.desk.problems.add(Severity::Error, problem);
    }

    /// The problem that a fault is, with what was found where.
    fn located(&mut self, fault: &Fault, length: usize) -> Problem {
        let twice = usize::from(fault.rule == Rule::Twice);
        let fields = self.desk.fields;
        let nodes = fields.path(fault.node);
        let mut steps: Vec<Step<'_>> = Vec::with_capacity(nodes.len() + 1);
        for node in &nodes {
            let step = fields.node(*node);
            let name = match &fault.module {
                Some(module) if step.is_module => module,
                _ => &*step.name,
            };
            steps.push(Step::Key(name, if *node == fault.node && fault.key.is_none() { twice } else { 0 }));
        }
        steps.extend(fault.item.map(Step::Item));
        if let Some(key) = fault.key {
            steps.push(Step::Key(key, twice));
        } else if let Rule::UnknownKey { name, .. } = &fault.rule {
            steps.push(Step::Key(name, 0));
        }

        let record = &self.buffer.unread()[..length];
        let found = locate(record, &steps);
        let (at, what) = match (found, &fault.rule) {
            (Some(Found { name, .. }), Rule::Twice) => (name, "a second value".to_owned()),
            (Some(Found { name: at, .. }), Rule::UnknownKey { name, .. }) => (at, text::quoted(name)),
            (Some(Found { value, .. }), _) => (value, describe(value_at(record, value))),
            (None, _) => (0, "nothing".to_owned()),
        };
        let place = self.buffer.place(at);
        let problem = self.desk.fault_problem(fault);
        Problem { line: place.line, column: place.column, found: what, ..problem }
    }
}
