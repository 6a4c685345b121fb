//! The dates of a contract.

use chrono::NaiveDate;

/// The dates of a contract; each may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Term {
    /// The day the contract began.
    pub start: Option<NaiveDate>,
    /// The day the contract ends, when it renews or not.
    pub end: Option<NaiveDate>,
    /// The last day to give notice: where it is known, the renewal is decided then.
    pub notice: Option<NaiveDate>,
    /// Whether the contract renews by itself.
    pub auto_renew: Option<bool>,
}

/// How far off the end of a contract is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// In this many whole calendar days; 0 is today.
    Due {
        /// Days from the as-of date.
        days: i64,
    },
    /// The contract ended this many whole calendar days ago, at least 1.
    Overdue {
        /// Days up to the as-of date.
        days: i64,
    },
}

impl Renewal {
    /// Days to the renewal, never below 0.
    pub fn days_left(self) -> i64 {
        match self {
            Self::Due { days } => days,
            Self::Overdue { .. } => 0,
        }
    }
}

impl Renewal {
    /// Days since the end of the contract, at least 1; `None` where it is not past.
    pub fn days_overdue(self) -> Option<i64> {
        match self {
            Self::Due { .. } => None,
            Self::Overdue { days } => Some(days),
        }
    }
}

impl Term {
    /// How far off the end of the contract is; `None` where it is unknown.
    pub fn renewal(&self, as_of: NaiveDate) -> Option<Renewal> {
        let days = (self.end? - as_of).num_days();
        Some(if days < 0 { Renewal::Overdue { days: -days } } else { Renewal::Due { days } })
    }

    /// The day on which the renewal is decided: the notice date, else the end.
    pub fn decided(&self) -> Option<NaiveDate> {
        self.notice.or(self.end)
    }

    /// The day of a renewal that is still open: the contract's end once that is past, else the day on which it will be decided;
    /// `None` where no date is known, or where the notice date has passed and the contract runs on.
    pub fn pending(&self, as_of: NaiveDate) -> Option<NaiveDate> {
        match self.end {
            Some(end) if end < as_of => Some(end),
            _ => self.decided().filter(|day| *day >= as_of),
        }
    }

    /// Whole calendar days since the contract began, negative before; `None` where that is unknown.
    pub fn days_since_start(&self, as_of: NaiveDate) -> Option<i64> {
        Some((as_of - self.start?).num_days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn renewals_are_counted_in_calendar_days() {
        let term = Term { end: Some(day("2026-06-30")), ..Term::default() };
        for (as_of, renewal, left) in [
            ("2026-06-29", Renewal::Due { days: 1 }, 1),
            ("2026-06-30", Renewal::Due { days: 0 }, 0),
            ("2026-07-01", Renewal::Overdue { days: 1 }, 0),
        ] {
            let found = term.renewal(day(as_of)).expect("an end");
            assert_eq!((found, found.days_left()), (renewal, left), "{as_of}");
        }
        assert_eq!(Term::default().renewal(day("2026-06-30")), None);
    }

    #[test]
    fn the_notice_date_decides_where_it_is_known() {
        let end = Some(day("2026-12-31"));
        let notice = Some(day("2026-09-30"));
        assert_eq!(Term { end, notice, ..Term::default() }.decided(), notice);
        assert_eq!(Term { end, ..Term::default() }.decided(), end);
        for (as_of, pending) in
            [("2026-09-30", notice), ("2026-10-01", None), ("2026-12-31", None), ("2027-01-01", end)]
        {
            assert_eq!(Term { end, notice, ..Term::default() }.pending(day(as_of)), pending, "{as_of}");
        }
    }
}
