//! Rounding that gives the digits which a correctly rounded decimal formatter prints.

/// Limits a score to 0–100, both ends included. NaN becomes 0.
pub fn clamp(score: f64) -> f64 {
    if score > 100.0 {
        100.0
    } else if score > 0.0 {
        score
    } else {
        0.0
    }
}

/// Rounds to one decimal, as an exact decimal rounding of the binary double; exact ties go to even.
///
/// With f = ⌊10·x⌋ and k = 2·f + 1, the midpoint between the two neighbours is k ÷ 20, and the sign of
/// (16·x − k) + 4·x says on which side of it x lies: every step of that sum is exact in doubles, which
/// `(x * 10.0).round() / 10.0` is not.
///
/// Values of 2⁴⁹ and more in size have no decimals worth rounding and are returned as they are, as are
/// NaN and the infinities.
pub fn round1(x: f64) -> f64 {
    const NO_TENTHS: f64 = (1_u64 << 49) as f64;
    if x.is_nan() || x.abs() >= NO_TENTHS {
        return x;
    }
    if x < 0.0 {
        return -round1(-x);
    }
    // A cast rounds towards zero, and costs less than a call of `floor`.
    #[expect(clippy::cast_possible_truncation, reason = "10·x is below 2⁵³ here")]
    let floor = (10.0 * x) as i64 as f64;
    let middle = 2.0 * floor + 1.0;
    let side = (16.0 * x - middle) + 4.0 * x;
    if side > 0.0 || (side == 0.0 && is_odd(floor)) { (floor + 1.0) / 10.0 } else { floor / 10.0 }
}

/// Whether a whole number is odd. Ties are rare; what they cost is kept out of the way of all other values.
#[cold]
fn is_odd(whole: f64) -> bool {
    whole % 2.0 == 1.0
}

/// A number as hundredths, where dividing a whole count of them by 100 gives it back bit for bit. −0 is none, nor are numbers of 2⁴⁰
/// hundredths and more.
pub fn whole_hundredths(x: f64) -> Option<i64> {
    // Rounds to the nearest by a cast, which is much cheaper than a call of `round`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and what does not come back is refused"
    )]
    let hundredths = (x * 100.0 + 0.5_f64.copysign(x)) as i64;
    let comes_back = (hundredths as f64 / 100.0).to_bits() == x.to_bits();
    (comes_back && hundredths.unsigned_abs() < 1 << 40).then_some(hundredths)
}

/// Rounds to a whole number; exact ties go to even.
pub fn round0(x: f64) -> f64 {
    x.round_ties_even()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rounds by the decimal expansion of the double, which is exact and finite.
    fn by_expansion(x: f64) -> f64 {
        let text = format!("{x:.1100}");
        let (whole, decimals) = text.split_once('.').expect("a decimal point");
        let tenths = format!("{whole}{}", &decimals[..1]).parse::<i128>().expect("digits");
        let rest = &decimals[1..];
        let half = format!("5{}", "0".repeat(rest.len() - 1));
        let up = rest > half.as_str() || (rest == half && tenths % 2 != 0);
        (tenths + i128::from(up)) as f64 / 10.0
    }

    #[test]
    fn one_decimal_follows_the_stored_double() {
        for (x, expected) in [
            (0.25, 0.2),
            (0.35, 0.3),
            (0.75, 0.8),
            (0.05, 0.1),
            (2.5, 2.5),
            (59.95, 60.0),
            (59.949_999_999_999_996, 59.9),
            (99.95, 100.0),
            (-0.25, -0.2),
            (0.0, 0.0),
            (1e300, 1e300),
        ] {
            assert_eq!(round1(x), expected, "{x}");
        }
        assert!(round1(f64::NAN).is_nan());
    }

    #[test]
    fn whole_numbers_tie_to_even() {
        for (x, expected) in [(2.5, 2.0), (3.5, 4.0), (2.499, 2.0), (1_333.5, 1_334.0)] {
            assert_eq!(round0(x), expected, "{x}");
        }
    }

    #[test]
    fn clamp_keeps_the_ends() {
        for (x, expected) in [(-1.0, 0.0), (0.0, 0.0), (100.0, 100.0), (100.1, 100.0), (f64::NAN, 0.0)] {
            assert_eq!(clamp(x), expected, "{x}");
        }
    }

    proptest! {
        #[test]
        fn one_decimal_equals_the_exact_expansion(x in prop_oneof![
            0.0..200.0_f64,
            0.0..1e9_f64,
            (0_u32..4_000_000).prop_map(|n| f64::from(n) / 20.0),
            (0_u32..4_000_000, -3_i64..=3).prop_map(|(n, ulps)| {
                f64::from_bits((f64::from(n) / 20.0).to_bits().saturating_add_signed(ulps).min(f64::MAX.to_bits()))
            }),
        ]) {
            prop_assert_eq!(round1(x), by_expansion(x));
        }
    }
}
