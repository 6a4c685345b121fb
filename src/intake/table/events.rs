//! Rows that are events of customers, on their way into the groups and out of them.

use super::aggregate::{Groups, KeptRow, feed_all};
use super::rows::Rows;
use super::sum::RowFault;
use super::{Stop, Table};
use crate::intake::problem::{Problem, Severity};

impl<'m, R: Rows> Table<'_, 'm, '_, '_, '_, R> {
    /// Takes the row at hand as one of several of its customer.
    pub(super) fn event(&mut self, groups: &mut Groups<'m>) -> Result<(), Stop> {
        let line = self.rows.line();
        self.desk.record = Some(self.row);
        self.desk.draft.clear();
        let (customer, faults) = groups.add(self.rows, &mut self.plan, self.row, self.desk);
        let mut is_invalid = false;
        for RowFault { column, fault } in faults {
            let severity = fault.rule.severity();
            is_invalid |= severity == Severity::Error;
            let problem = self.desk.problems.keeps(severity).then(|| self.fault_problem(&fault, line, Some(column)));
            self.desk.problems.add(severity, problem);
        }
        self.note_nameless();
        self.desk.record = None;
        let row = KeptRow { row: self.row, cells: self.written(Some(groups)) };
        if customer.is_none() && is_invalid {
            return self.leave_out("", line, row, Some(groups));
        }
        if customer.is_some() && self.rejects.is_some() {
            groups.keep(customer, row);
        }
        Ok(())
    }

    /// Hands on the customers that the rows were of.
    pub(super) fn customers(&mut self, groups: &mut Groups<'m>) -> Result<(), Stop> {
        self.desk.draft.clear();
        if let (rows @ 1.., line) = groups.nameless {
            let allowed = match rows {
                1 => format!("1 row names no customer (line {line}) and is not counted"),
                rows => format!("{rows} rows name no customer (first line {line}) and are not counted"),
            };
            let problem = Problem { allowed, ..self.problem_at(Severity::Warning, 0, None) };
            self.desk.problems.add(Severity::Warning, Some(problem));
        }
        let otherwise = groups.otherwise();
        if !otherwise.is_empty() {
            feed_all(&mut self.desk.draft, &otherwise);
            self.desk.keep_otherwise();
        }
        let mut left_out = std::mem::take(&mut groups.refused);
        for customer in groups.customers() {
            let Some((key, place)) = groups.first(customer) else { continue };
            self.has_key = true;
            self.desk.record = Some(place.row);
            let is_handed_on = match groups.result(customer, &self.plan) {
                Some(fed) => {
                    self.desk.draft.clear();
                    feed_all(&mut self.desk.draft, &fed);
                    self.fed = fed;
                    self.hand_on(place.line)
                }
                None => {
                    self.desk.begin(&key);
                    self.desk.records += 1;
                    self.desk.refuse(place.line);
                    false
                }
            };
            if !is_handed_on {
                left_out.extend(groups.take_kept(customer));
            }
            if self.desk.is_over() {
                return Err(Stop::Over);
            }
        }
        self.fed.clear();
        self.desk.record = None;
        left_out.sort_by_key(|row| row.row);
        left_out.into_iter().try_for_each(|row| self.reject(&row.cells))
    }
}
