//! By which divisions are the tables of a set broken down? Too fine a breakdown of few people hides itself, and the sums over all
//! with it. Statistical offices put groups together, or leave breakdowns out, before they hide single cells; here a breakdown of
//! which most would be hidden is not published, so that the others and the sums can be.
//! Which cells are hidden is decided in `suppression`, which breakdowns there are at all in `groups`.

use super::suppression::SuppressionError;

/// How much more it says what became of all than of a group.
const WORTH_OF_A_SUM: i64 = 100;
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

    /// Whether nothing is shown of those who are there.
    const fn is_silent(self) -> bool {
        self.hidden > 0 && self.hidden == self.cells
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

    /// The divisions of which nothing is shown; where there are none, the one of which most is hidden, of several the last.
    fn worst(&self, is_published: &[bool], tables: usize) -> Vec<usize> {
        let by = self.by.iter().zip(is_published);
        let by: Vec<(&Told, &bool)> = by.collect();
        let divisions = by.chunks(tables.max(1)).enumerate();
        let divisions: Vec<(usize, Told)> = divisions
            .map(|(division, of)| {
                let mut told = Told::default();
                for (one, _) in of.iter().filter(|(_, published)| **published) {
                    told.cells += one.cells;
                    told.hidden += one.hidden;
                }
                (division, told)
            })
            .filter(|(_, told)| told.hidden > 0)
            .collect();
        let silent = divisions.iter().filter(|(_, told)| told.is_silent());
        let silent: Vec<usize> = silent.map(|(division, _)| *division).collect();
        if !silent.is_empty() {
            return silent;
        }
        // Shares compared without dividing.
        let worst = divisions.iter().max_by(|(_, one), (_, other)| {
            (one.hidden * other.cells).cmp(&(other.hidden * one.cells))
        });
        worst.map(|(division, _)| *division).into_iter().collect()
    }

    /// Whether no more sums are hidden than must be, and every breakdown tells more than it hides.
    fn is_good(&self, is_published: &[bool], least_hidden: usize) -> bool {
        let mut by = self.by.iter().zip(is_published);
        self.sums.hidden <= least_hidden && by.all(|(told, published)| !published || told.tells())
    }
}

/// An attempt that was safe.
struct Found<T> {
    points: i64,
    is_published: Vec<bool>,
    worth: Worth,
    found: T,
}

/// The best of several attempts to publish some tables by some divisions: by all of them, then without the divisions of which most
/// is hidden, one after the other, until every sum is told that can be and every breakdown tells more than it hides. Then without the tables
/// that show nothing of a division, and, of the divisions that were left out, with those that told enough in the beginning. An
/// attempt is told of each division and each table whether it is to be published. Nothing where no attempt was safe.
///
/// # Errors
/// Those of an attempt.
pub(super) fn best<T>(
    (divisions, tables): (usize, usize),
    mut attempt: impl FnMut(&[bool]) -> Result<Option<(T, Worth)>, SuppressionError>,
) -> Result<Option<T>, SuppressionError> {
    let mut attempt = |is_published: &[bool]| {
        let found = attempt(is_published)?;
        Ok(found.map(|(found, worth)| Found {
            points: worth.points(is_published),
            is_published: is_published.to_vec(),
            worth,
            found,
        }))
    };
    let mut is_published = vec![true; divisions * tables];
    let mut first: Option<Worth> = None;
    let mut best: Option<Found<T>> = None;
    // How many sums are hidden whatever is left out: those that are small themselves.
    let mut least_hidden = None;
    loop {
        let worst = match attempt(&is_published)? {
            Some(found) => {
                first.get_or_insert_with(|| found.worth.clone());
                if found.worth.sums.hidden > 0 && least_hidden.is_none() {
                    let sums_alone = attempt(&vec![false; is_published.len()])?;
                    least_hidden = Some(sums_alone.map_or(0, |alone| alone.worth.sums.hidden));
                }
                let least_hidden = least_hidden.unwrap_or(0);
                let worst = if found.worth.is_good(&is_published, least_hidden) {
                    Vec::new()
                } else {
                    found.worth.worst(&is_published, tables)
                };
                if best.as_ref().is_none_or(|best| found.points > best.points) {
                    best = Some(found);
                }
                worst
            }
            None => {
                let last = is_published.iter().rposition(|published| *published);
                last.map(|last| last / tables.max(1)).into_iter().collect()
            }
        };
        if worst.is_empty() {
            break;
        }
        for division in worst {
            let of_it = is_published.iter_mut().skip(division * tables);
            of_it.take(tables).for_each(|published| *published = false);
        }
    }
    let (Some(best), Some(first)) = (best, first) else {
        return Ok(None);
    };
    let mut or_better = |best: Found<T>, is_published: Vec<bool>| {
        if is_published == best.is_published {
            return Ok(best);
        }
        let found = attempt(&is_published)?;
        Ok(found
            .filter(|found| found.points > best.points)
            .unwrap_or(best))
    };
    let mut telling = best.is_published.clone();
    for (published, told) in telling.iter_mut().zip(&best.worth.by) {
        *published &= !told.is_silent();
    }
    let mut best = or_better(best, telling)?;
    for division in 0..divisions {
        let mut more = best.is_published.clone();
        let of_it = more.iter_mut().zip(&first.by).skip(division * tables);
        for (published, told) in of_it.take(tables) {
            *published |= told.tells() && !told.is_silent();
        }
        best = or_better(best, more)?;
    }
    Ok(Some(best.found))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn told(cells: usize, hidden: usize) -> Told {
        Told { cells, hidden }
    }

    #[test]
    fn a_breakdown_that_hides_itself_and_the_sums_is_left_out() {
        let mut attempts = Vec::new();
        let found = best((3, 1), |published| {
            attempts.push(published.to_vec());
            let worth = Worth {
                sums: told(2, if published[1] { 2 } else { 0 }),
                by: vec![told(4, 1), told(20, 15), told(10, 5)],
            };
            Ok(Some((published.to_vec(), worth)))
        });
        assert_eq!(found.unwrap().unwrap(), [true, false, true]);
        assert_eq!(attempts.len(), 3);
    }

    #[test]
    fn of_a_division_that_is_left_out_the_table_that_tells_comes_back() {
        // Two tables by two divisions; the second of the second division hides itself and a sum.
        let found = best((2, 2), |published| {
            let worth = Worth {
                sums: told(2, usize::from(published[3])),
                by: vec![told(4, 0), told(4, 1), told(6, 1), told(9, 8)],
            };
            Ok(Some((published.to_vec(), worth)))
        });
        assert_eq!(found.unwrap().unwrap(), [true, true, true, false]);
    }

    #[test]
    fn what_helps_nothing_is_not_left_out() {
        // The sum is small itself: it stays hidden whatever is left out.
        let mut attempts = 0;
        let found = best((2, 1), |published| {
            attempts += 1;
            let worth = Worth {
                sums: told(1, 1),
                by: vec![told(4, 1), told(6, 2)],
            };
            Ok(Some((published.to_vec(), worth)))
        });
        assert_eq!(found.unwrap().unwrap(), [true, true]);
        assert_eq!(attempts, 2);
    }

    #[test]
    fn where_nothing_is_safe_there_is_nothing() {
        let mut attempts = 0;
        let found = best((2, 1), |_| {
            attempts += 1;
            Ok(None::<((), Worth)>)
        });
        assert_eq!((found.unwrap(), attempts), (None, 3));
    }
}
