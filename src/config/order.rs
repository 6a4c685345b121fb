//! The order in which warnings of equal severity are listed.

/// The signals, in order, with each one that wants to stand before another placed right before it; several before the
/// same one keep their order. `Err` gives the signals that wait for each other in a circle, or for one that does.
pub(super) fn resolve(before: &[Option<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); before.len()];
    for (signal, target) in before.iter().enumerate() {
        if let Some(list) = target.and_then(|target| waiting.get_mut(target)) {
            list.push(signal);
        }
    }
    let mut order = Vec::with_capacity(before.len());
    for root in (0..before.len()).filter(|signal| before[*signal].is_none()) {
        // What stands before a signal is listed first, hence read from the back: the signal, then those before it.
        let start = order.len();
        let mut stack = vec![root];
        while let Some(signal) = stack.pop() {
            order.push(signal);
            stack.extend(&waiting[signal]);
        }
        order[start..].reverse();
    }
    if order.len() == before.len() {
        return Ok(order);
    }
    let mut listed = vec![false; before.len()];
    for signal in order {
        listed[signal] = true;
    }
    Err((0..before.len()).filter(|signal| !listed[*signal]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_stand_right_before_the_one_they_name() {
        for (before, order) in [
            (vec![], Ok(vec![])),
            (vec![None, None, None], Ok(vec![0, 1, 2])),
            (vec![None, None, Some(0)], Ok(vec![2, 0, 1])),
            (vec![None, Some(0), Some(0)], Ok(vec![1, 2, 0])),
            (vec![None, Some(0), Some(1)], Ok(vec![2, 1, 0])),
            (vec![Some(2), None, None], Ok(vec![1, 0, 2])),
            (vec![None, Some(2), Some(1)], Err(vec![1, 2])),
            (vec![Some(0)], Err(vec![0])),
        ] {
            assert_eq!(resolve(&before), order, "{before:?}");
        }
    }
}
