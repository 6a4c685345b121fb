//! Medians.

/// The median of some figures, the mean of the two in the middle where there is no single one; `None` of none.
pub fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_unstable_by(f64::total_cmp);
    middle(&figures)
}

/// The median of figures in their order; `None` of none.
pub fn middle(ordered: &[f64]) -> Option<f64> {
    let half = ordered.len() / 2;
    match ordered.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(ordered[half]),
        _ => Some(f64::midpoint(ordered[half - 1], ordered[half])),
    }
}
