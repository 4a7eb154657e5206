//! A count of something sensitive, as wide as it may be shown: not as a number but as the band it lies in, so that neither a
//! small count nor a change by one tells of a single person (SoLPUF 15 §; domain 7.2 item 6).

use super::suppression::Threshold;

/// The band of a count: from a multiple of the threshold up to, not including, the next. The first holds zero as well, so
/// that "none" is never said either.
pub fn band(count: u64, threshold: Threshold) -> (u64, u64) {
    let width = threshold.get();
    let from = (count / width).saturating_mul(width);
    (from, from.saturating_add(width - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_count_is_not_told_from_none() {
        let five = Threshold::default();
        for count in 0..5 {
            assert_eq!(band(count, five), (0, 4));
        }
        assert_eq!(band(5, five), (5, 9));
        assert_eq!(band(12, five), (10, 14));
    }
}
