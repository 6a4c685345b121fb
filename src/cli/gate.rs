//! Gates: what is told of those that are not met.

use super::Failure;
use crate::analysis::{FailOn, Scope, Totals, Verdict};

/// Checks that a command computes the figures of its gates.
pub fn check(gates: &[FailOn], scope: Scope) -> Result<(), Failure> {
    gates.iter().try_for_each(|gate| gate.check(scope)).map_err(|error| Failure::Usage(format!("--fail-on: {error}")))
}

/// Fails with all gates that are not met, or whose figure is withheld.
pub fn judge(gates: &[FailOn], totals: &Totals) -> Result<(), Failure> {
    let missed: Vec<String> = gates
        .iter()
        .filter_map(|gate| match gate.judge(totals) {
            Verdict::Met => None,
            Verdict::NotMet { found } => {
                let found = (found * 100.0).round() / 100.0;
                Some(format!("gate not met: {} is {found}{}, which is {gate}", gate.figure(), gate.suffix()))
            }
            Verdict::Withheld => {
                Some(format!("gate not met: there is nothing to compute {} from ({gate})", gate.figure()))
            }
        })
        .collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Gate(missed)) }
}
