//! Drawing accounts again, to see how much a figure owes to the accounts that happen to be there.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

use super::Interval;
use crate::workers::{self, Then, Threads};

/// The seed of all draws, so that the same input gives the same intervals.
const SEED: u128 = 0x6373_6d20_6261_636b_7465_7374;

/// A figure over many draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampled {
    /// The 2.5th and 97.5th percentile of the draws.
    pub interval: Interval,
    /// How many draws had a figure.
    pub draws: u32,
}

/// The percentile interval of a figure over `resamples` draws of as many accounts as there are, with replacement (Efron 1979). `figure`
/// gets how often each account was drawn; what is not finite counts as none. Each draw has a generator of its own, so the result is the same for any number of threads. `None`
/// without accounts, or where fewer than half of the draws have a figure.
pub fn bootstrap(
    accounts: usize,
    resamples: u32,
    threads: Threads,
    figure: impl Fn(&[u32]) -> Option<f64> + Sync,
) -> Option<Resampled> {
    if accounts == 0 {
        return None;
    }
    let mut numbers = 0..resamples;
    let mut figures: Vec<f64> = Vec::with_capacity(resamples as usize);
    workers::in_order(
        threads,
        || numbers.next(),
        || vec![0_u32; accounts],
        |weights, number| {
            weights.fill(0);
            let mut generator = Pcg64::new(SEED, u128::from(number));
            for _ in 0..accounts {
                let account = (u128::from(generator.next_u64()) * accounts as u128) >> 64;
                weights[usize::try_from(account).unwrap_or_default()] += 1;
            }
            figure(weights)
        },
        |figure| {
            figures.extend(figure.filter(|figure| figure.is_finite()));
            Then::GoOn
        },
    );
    if figures.len() * 2 < resamples as usize {
        return None;
    }
    figures.sort_unstable_by(f64::total_cmp);
    let interval = Interval { low: percentile(&figures, 0.025)?, high: percentile(&figures, 0.975)? };
    Some(Resampled { interval, draws: u32::try_from(figures.len()).unwrap_or(u32::MAX) })
}

/// The value below which a share of sorted figures lies, between two of them by proportion.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
fn percentile(figures: &[f64], share: f64) -> Option<f64> {
    let place = share * (figures.len().checked_sub(1)?) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let low = *figures.get(below)?;
    let high = *figures.get(below + 1).unwrap_or(&low);
    Some(low + (high - low) * part)
}
