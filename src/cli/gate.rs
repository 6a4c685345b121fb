//! Gates: what is told of those that are not met.

use super::Failure;
use crate::analysis::{FailOn, Scope, Totals, Verdict};

/// What must be in scope for gates to be judged.
pub fn scope(gates: &[FailOn]) -> Scope {
    gates.iter().fold(Scope::default(), |scope, gate| scope.with(gate.scope()))
}

/// Fails with all gates that are not met, or whose figure is withheld.
pub fn judge(gates: &[FailOn], totals: &Totals) -> Result<(), Failure> {
    let missed: Vec<String> = gates
        .iter()
        .filter_map(|gate| match gate.judge(totals) {
            Verdict::Met => None,
            Verdict::NotMet { found } => {
                let found = (found * 100.0).round() / 100.0;
                Some(format!("gate not met: {} is {found}{}, fails on {gate}", gate.figure(), gate.suffix()))
            }
            Verdict::Withheld => {
                Some(format!("gate not met: there is nothing to compute {} from, for {gate}", gate.figure()))
            }
        })
        .collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Gate(missed)) }
}
