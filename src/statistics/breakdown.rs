//! By which divisions are the tables of a set broken down? Too fine a breakdown of few people hides itself, and the sums over all
//! with it. Statistical offices put groups together, or leave breakdowns out, before they hide single cells; here a breakdown of
//! which most would be hidden is not published, so that the others and the sums can be.
//! Which cells are hidden is decided in `suppression`, which breakdowns there are at all in `groups`.

use super::suppression::SuppressionError;

/// How much more it says what became of all than of a group.
const WORTH_OF_A_SUM: i64 = 20;
/// What a shown cell is worth beside what a hidden one costs the reader of a table.
const WORTH_OF_A_CELL: i64 = 2;

/// How many cells hold somebody, and how many of them are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Told {
    pub(super) cells: usize,
    pub(super) hidden: usize,
}

impl Told {
    /// Adds a cell, unless nobody is in it.
    pub(super) fn add(&mut self, count: u64, is_hidden: bool) {
        if count > 0 {
            self.cells += 1;
            self.hidden += usize::from(is_hidden);
        }
    }

    /// Whether a table of such cells is worth reading: no more is hidden than shown.
    pub(super) const fn tells(self) -> bool {
        2 * self.hidden <= self.cells
    }
}

/// What a pattern of hidden cells tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Worth {
    /// The sums over all.
    pub(super) sums: Told,
    /// The cells of each breakdown of a table, in order.
    pub(super) by: Vec<Told>,
}

impl Worth {
    fn points(&self, is_published: &[bool]) -> i64 {
        let shown = |told: Told| i64::try_from(told.cells - told.hidden).unwrap_or(i64::MAX);
        let by = self.by.iter().zip(is_published);
        let inner = by.filter(|(_, published)| **published).map(|(told, _)| {
            let hidden = i64::try_from(told.hidden).unwrap_or(i64::MAX);
            WORTH_OF_A_CELL * shown(*told) - hidden
        });
        WORTH_OF_A_SUM * shown(self.sums) + inner.sum::<i64>()
    }

    /// The breakdowns of which nothing is shown; where there are none, the one of which most is hidden, of several the last.
    fn worst(&self, is_published: &[bool]) -> Vec<usize> {
        let by = || {
            let by = self.by.iter().zip(is_published).enumerate();
            by.filter(|(_, (told, published))| **published && told.hidden > 0)
                .map(|(number, (told, _))| (number, told))
        };
        let silent = by().filter(|(_, told)| told.hidden == told.cells);
        let silent: Vec<usize> = silent.map(|(number, _)| number).collect();
        if !silent.is_empty() {
            return silent;
        }
        // Shares compared without dividing.
        let worst = by().max_by(|(_, one), (_, other)| {
            (one.hidden * other.cells).cmp(&(other.hidden * one.cells))
        });
        worst.map(|(number, _)| number).into_iter().collect()
    }

    fn is_good(&self, is_published: &[bool]) -> bool {
        let mut by = self.by.iter().zip(is_published);
        self.sums.hidden == 0 && by.all(|(told, published)| !published || told.tells())
    }
}

/// The best of several attempts: with all `breakdowns` (how many there are), and without those of which most is hidden, one after
/// the other, until every sum is told and every breakdown tells more than it hides. Nothing where no attempt was safe.
///
/// # Errors
/// Those of an attempt.
pub(super) fn best<T>(
    breakdowns: usize,
    mut attempt: impl FnMut(&[bool]) -> Result<Option<(T, Worth)>, SuppressionError>,
) -> Result<Option<T>, SuppressionError> {
    let mut is_published = vec![true; breakdowns];
    let mut best: Option<(i64, T)> = None;
    loop {
        let worst = match attempt(&is_published)? {
            Some((found, worth)) => {
                let points = worth.points(&is_published);
                let worst = if worth.is_good(&is_published) {
                    Vec::new()
                } else {
                    worth.worst(&is_published)
                };
                if best.as_ref().is_none_or(|(most, _)| points > *most) {
                    best = Some((points, found));
                }
                worst
            }
            None => {
                let last = is_published.iter().rposition(|published| *published);
                last.into_iter().collect()
            }
        };
        if worst.is_empty() {
            return Ok(best.map(|(_, found)| found));
        }
        for number in worst {
            if let Some(published) = is_published.get_mut(number) {
                *published = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(cells: usize, hidden: usize) -> Told {
        Told { cells, hidden }
    }

    #[test]
    fn a_breakdown_that_hides_itself_and_the_sums_is_left_out() {
        let mut attempts = Vec::new();
        let found = best(3, |published| {
            attempts.push(published.to_vec());
            let worth = Worth {
                sums: told(2, if published[1] { 2 } else { 0 }),
                by: vec![told(4, 1), told(20, 15), told(10, 5)],
            };
            Ok(Some((published.to_vec(), worth)))
        });
        assert_eq!(found.unwrap().unwrap(), [true, false, true]);
        assert_eq!(attempts.len(), 2);
    }

    #[test]
    fn what_helps_nothing_is_not_left_out() {
        // The sum is small itself: it stays hidden whatever is left out.
        let found = best(2, |published| {
            let worth = Worth {
                sums: told(1, 1),
                by: vec![told(4, 1), told(6, 2)],
            };
            Ok(Some((published.to_vec(), worth)))
        });
        assert_eq!(found.unwrap().unwrap(), [true, true]);
    }

    #[test]
    fn where_nothing_is_safe_there_is_nothing() {
        let mut attempts = 0;
        let found = best(2, |_| {
            attempts += 1;
            Ok(None::<((), Worth)>)
        });
        assert_eq!((found.unwrap(), attempts), (None, 3));
    }
}
