//! Chance that repeats itself: the same seed gives the same municipality.

/// A small generator (SplitMix64, Steele et al. 2014). Not for secrets.
pub struct Chance(u64);

impl Chance {
    /// The generator of a seed.
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        let span = u64::try_from(high.saturating_sub(low))
            .unwrap_or(0)
            .saturating_add(1);
        low.saturating_add(usize::try_from(self.next() % span).unwrap_or(0))
    }

    /// Yes in so many of a hundred cases.
    pub fn percent(&mut self, yes: usize) -> bool {
        self.between(1, 100) <= yes
    }

    /// One of some things by weight; `otherwise` when there is none.
    pub fn choose<T: Copy>(&mut self, weighted: &[(usize, T)], otherwise: T) -> T {
        let sum: usize = weighted.iter().map(|(weight, _)| weight).sum();
        let mut place = self.between(1, sum.max(1));
        for (weight, thing) in weighted {
            if place <= *weight {
                return *thing;
            }
            place -= weight;
        }
        otherwise
    }

    /// One of some things, all alike.
    pub fn pick<T: Copy>(&mut self, things: &[T], otherwise: T) -> T {
        let place = self.between(0, things.len().saturating_sub(1));
        things.get(place).copied().unwrap_or(otherwise)
    }

    /// Puts things in some order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.between(0, last));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_stays_within_bounds() {
        let (mut one, mut other) = (Chance::seeded(7), Chance::seeded(7));
        for _ in 0..1000 {
            let number = one.between(3, 9);
            assert!((3..=9).contains(&number));
            assert_eq!(number, other.between(3, 9));
        }
        assert!(!one.percent(0) && one.percent(100));
        assert_eq!(one.choose(&[(0, 'a'), (5, 'b')], 'c'), 'b');
        assert_eq!(one.pick::<char>(&[], 'c'), 'c');
    }
}
