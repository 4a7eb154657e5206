//! A reader who tries every possibility: the attack of the tests, which shares no code with the
//! search or the audit. Figures are sums of unknown counts (leaves); whatever agrees with all that
//! is shown is tried, near the truth.
#![allow(clippy::indexing_slicing)]

/// What the reader sees of one figure.
pub(in super::super) struct Figure {
    /// The leaves it sums, in order.
    pub(in super::super) leaves: Vec<usize>,
    /// Its value if it is published.
    pub(in super::super) shown: Option<u64>,
    /// The least it can be, by the rules.
    pub(in super::super) floor: u64,
    /// How far apart two possibilities must lie; zero where nothing is asked.
    pub(in super::super) asked: u64,
}

/// SplitMix64: random tables that are the same on every machine.
pub(in super::super) struct Dice(pub(in super::super) u64);

impl Dice {
    pub(in super::super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    /// A count of people: often none or few.
    pub(in super::super) fn count(&mut self, highest: u64) -> u64 {
        match self.below(6) {
            0 => 0,
            1 | 2 => 1 + self.below(3),
            _ => self.below(highest + 1),
        }
    }

    pub(in super::super) fn counts(&mut self, cells: usize, highest: u64) -> Vec<u64> {
        (0..cells).map(|_| self.count(highest)).collect()
    }
}

/// How many random tables a test tries: a share of what the environment asks for, which is more
/// than the everyday number where somebody has the time.
pub(in super::super) fn rounds(everyday: u64) -> u64 {
    let times = std::env::var("KAA_DISCLOSURE_ROUNDS").ok();
    let times = times.and_then(|times| times.parse::<u64>().ok());
    everyday * times.unwrap_or(1)
}

/// Steps after which a search is given up.
const MOST_STEPS: u64 = 3_000_000;

struct Search<'a> {
    figures: &'a [Figure],
    truth: &'a [u64],
    reach: u64,
    seen: Vec<(u64, u64)>,
    steps: u64,
}

/// The figures whose value the reader can pin or bound too narrowly, by position; nothing when there
/// were too many possibilities to try.
pub(in super::super) fn exposed(
    figures: &[Figure],
    truth: &[u64],
    reach: u64,
) -> Option<Vec<usize>> {
    let mut search = Search {
        figures,
        truth,
        reach,
        seen: vec![(u64::MAX, 0); figures.len()],
        steps: 0,
    };
    search.extend(&mut Vec::new());
    if search.steps > MOST_STEPS {
        return None;
    }
    let narrow = |&at: &usize| {
        let (low, high) = search.seen[at];
        let true_count = figures[at]
            .leaves
            .iter()
            .map(|&leaf| truth[leaf])
            .sum::<u64>();
        // A reader who has taken something false for true may pin a false count.
        (low..=high).contains(&true_count) && high - low < figures[at].asked
    };
    Some((0..figures.len()).filter(narrow).collect())
}

impl Search<'_> {
    fn done(&self) -> bool {
        let mut seen = self.figures.iter().zip(&self.seen);
        self.steps > MOST_STEPS
            || seen.all(|(figure, &(low, high))| {
                figure.asked == 0 || (low <= high && high - low >= figure.asked)
            })
    }

    fn extend(&mut self, chosen: &mut Vec<u64>) {
        self.steps += 1;
        for figure in self.figures {
            let Some(&last) = figure.leaves.last() else {
                continue;
            };
            let known = figure.leaves.iter().filter_map(|&leaf| chosen.get(leaf));
            let sum = known.sum::<u64>();
            let complete = last < chosen.len();
            let wrong = match figure.shown {
                Some(shown) => sum > shown || (complete && sum != shown),
                None => complete && sum < figure.floor,
            };
            if wrong {
                return;
            }
        }
        let Some(&truth) = self.truth.get(chosen.len()) else {
            for (figure, seen) in self.figures.iter().zip(&mut self.seen) {
                let sum = figure.leaves.iter().map(|&leaf| chosen[leaf]).sum::<u64>();
                *seen = (seen.0.min(sum), seen.1.max(sum));
            }
            return;
        };
        let mut values =
            (truth.saturating_sub(self.reach)..=truth + self.reach).collect::<Vec<_>>();
        values.sort_by_key(|value| value.abs_diff(truth));
        for value in values {
            if self.done() {
                return;
            }
            chosen.push(value);
            self.extend(chosen);
            chosen.pop();
        }
    }
}
