//! Gates: what is told of those that are not met.

use super::Failure;
use crate::analysis::{FailOn, GateFigure, Judgement, PortfolioFigure, Scope};

/// What must be in scope for gates to be judged.
pub fn scope(gates: &[FailOn<PortfolioFigure>]) -> Scope {
    gates.iter().fold(Scope::default(), |scope, gate| scope.with(gate.figure().scope()))
}

/// Fails with all gates that are not met, or whose figure is withheld.
pub fn judge<F: GateFigure>(gates: &[FailOn<F>], of: &F::Of) -> Result<(), Failure> {
    let told = |gate: &FailOn<F>| {
        let (figure, limit) = (gate.figure().name(), gate.limit());
        match gate.judge(of) {
            Judgement::Met => None,
            Judgement::NotMet { found } => {
                let (found, unit) = (limit.round(found), limit.unit().suffix());
                Some(format!("gate not met: {figure} is {found}{unit}, fails on {gate}"))
            }
            Judgement::Withheld => Some(format!("gate not met: there is nothing to compute {figure} from, for {gate}")),
        }
    };
    let missed: Vec<String> = gates.iter().filter_map(told).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Gate(missed)) }
}
