//! Numbers with decimals as people write them: kept digit by digit, never as a binary fraction, and rounded only where
//! somebody asks for it. What a number measures does not belong here.

/// The largest whole number a scaled value may be: all of them are exact in JSON, whose readers keep 53 bits.
pub const MOST: i64 = 1_000_000_000_000_000;
/// Digits of a number that is read at all.
const LONGEST: usize = 34;

/// A number as it was written: `mantissa` divided by ten to the power of `scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Why a number does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It has more decimals than there is room for.
    TooPrecise,
    /// It is beyond [`MOST`].
    TooLarge,
}

impl Decimal {
    /// Reads a number: a sign of any form, blanks between digits, a decimal comma or point, and the exponent in which
    /// JSON writes very small and very large ones. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let plain: String = number
            .trim()
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}'))
            .collect();
        let (is_negative, digits) = match plain.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let (whole, fraction) = match digits.split_once([',', '.']) {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (digits, ""),
        };
        let all = format!("{whole}{fraction}");
        let is_number = !whole.is_empty() && all.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || all.len() > LONGEST || exponent.abs() > 300 {
            return None;
        }
        let mantissa: i128 = all.parse().ok()?;
        let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        Self::of(if is_negative { -mantissa } else { mantissa }, places)
    }

    /// A scaled whole number.
    pub fn scaled(value: i64, decimals: u8) -> Self {
        Self {
            mantissa: value.into(),
            scale: decimals.into(),
        }
        .shortest()
    }

    /// Of a mantissa and a number of decimals, which may be below nought.
    fn of(mantissa: i128, places: i32) -> Option<Self> {
        if mantissa == 0 {
            return Some(Self { mantissa, scale: 0 });
        }
        match u32::try_from(places) {
            Ok(scale) => Some(Self { mantissa, scale }.shortest()),
            Err(_) => {
                let power = power_of_ten(places.unsigned_abs());
                // What cannot be kept is too large for anything, and is told so.
                let mantissa = power
                    .and_then(|power| mantissa.checked_mul(power))
                    .unwrap_or(i128::MAX * mantissa.signum());
                Some(Self { mantissa, scale: 0 })
            }
        }
    }

    fn shortest(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// As a whole number times ten to the power of `decimals`, exactly.
    ///
    /// # Errors
    /// It has more decimals, or is too large.
    pub fn exactly(self, decimals: u8) -> Result<i64, Unfit> {
        if self.scale > u32::from(decimals) {
            return Err(Unfit::TooPrecise);
        }
        self.rounded(decimals).ok_or(Unfit::TooLarge)
    }

    /// The same, rounded where it has more decimals: halves away from nought. `None` beyond [`MOST`].
    pub fn rounded(self, decimals: u8) -> Option<i64> {
        let decimals = u32::from(decimals);
        let value = if self.scale <= decimals {
            self.mantissa
                .checked_mul(power_of_ten(decimals - self.scale)?)?
        } else {
            match power_of_ten(self.scale - decimals) {
                Some(divisor) => divided(self.mantissa, divisor),
                // Smaller than anything that could be shown.
                None => 0,
            }
        };
        i64::try_from(value)
            .ok()
            .filter(|value| (-MOST..=MOST).contains(value))
    }

    /// The difference, exactly. `None` if it cannot be kept.
    pub fn minus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let at = |number: Self| {
            number
                .mantissa
                .checked_mul(power_of_ten(scale - number.scale)?)
        };
        let mantissa = at(self)?.checked_sub(at(other)?)?;
        Some(Self { mantissa, scale }.shortest())
    }
}

/// A whole number divided by a positive one, rounded to the nearest, halves away from nought.
pub fn divided(number: i128, divisor: i128) -> i128 {
    let half = divisor / 2;
    let is_odd = divisor % 2;
    let (quotient, rest) = (number / divisor, number % divisor);
    if rest.abs() >= half + is_odd {
        quotient + rest.signum()
    } else {
        quotient
    }
}

fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// A scaled value as text with all its decimals, with this mark before them.
pub fn text_of(value: i64, decimals: u8, mark: char) -> String {
    let places = usize::from(decimals);
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}{mark}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_and_programs_write_is_read() {
        for (text, decimals, value) in [
            ("7.9", 1, 79),
            ("7,9", 1, 79),
            ("-0.3", 1, -3),
            ("\u{2212}4", 1, -40),
            ("+2", 1, 20),
            ("42 000 000", 0, 42_000_000),
            ("42\u{a0}000", 0, 42_000),
            ("7.90", 1, 79),
            ("1e-5", 5, 1),
            ("1.5e3", 0, 1500),
            ("0e-9", 0, 0),
        ] {
            assert_eq!(
                Decimal::parse(text).unwrap().exactly(decimals),
                Ok(value),
                "{text}"
            );
        }
        for wrong in [
            "",
            "-",
            ",5",
            "5,",
            "1,2,3",
            "1.2.3",
            "sju",
            "1e",
            "NaN",
            "inf",
            "0x1",
            "1e999999999",
        ] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn too_many_decimals_are_an_error_and_never_cut_off() {
        let number = Decimal::parse("7.95").unwrap();
        assert_eq!(number.exactly(1), Err(Unfit::TooPrecise));
        assert_eq!(number.rounded(1), Some(80));
        assert_eq!(Decimal::parse("-7.95").unwrap().rounded(1), Some(-80));
        assert_eq!(Decimal::parse("-7.949").unwrap().rounded(1), Some(-79));
        let huge = Decimal::parse("1e20").unwrap();
        assert_eq!(huge.exactly(0), Err(Unfit::TooLarge));
        let endless = Decimal::parse("-1e300").unwrap();
        assert_eq!(endless.exactly(2), Err(Unfit::TooLarge));
        assert_eq!(Decimal::parse("1e-200").unwrap().rounded(2), Some(0));
    }

    #[test]
    fn a_difference_is_taken_before_rounding() {
        let number = |text| Decimal::parse(text).unwrap();
        let difference = number("7.94").minus(number("7.86")).unwrap();
        assert_eq!(difference.rounded(1), Some(1));
        assert_eq!(difference.exactly(2), Ok(8));
    }

    #[test]
    fn a_value_is_written_with_all_its_decimals() {
        assert_eq!(text_of(-3, 1, ','), "-0,3");
        assert_eq!(text_of(-40, 1, '.'), "-4.0");
        assert_eq!(text_of(42, 0, ','), "42");
        assert_eq!(text_of(5, 3, '.'), "0.005");
        assert_eq!(text_of(0, 2, ','), "0,00");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in -MOST..=MOST, decimals in 0_u8..=4) {
            for mark in [',', '.'] {
                let text = text_of(value, decimals, mark);
                prop_assert_eq!(Decimal::parse(&text).unwrap().exactly(decimals), Ok(value));
            }
            prop_assert_eq!(Decimal::scaled(value, decimals).exactly(decimals), Ok(value));
        }

        #[test]
        fn rounding_is_never_off_by_more_than_a_half(number in -1_000_000_i128..1_000_000, divisor in 1_i128..1000) {
            let twice = 2 * (number - divided(number, divisor) * divisor).abs();
            prop_assert!(twice <= divisor);
        }
    }
}
