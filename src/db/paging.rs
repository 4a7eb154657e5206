//! What part of a list is asked for, and what part was found. How a position is sealed into an address belongs to `http`.

use uuid::Uuid;

/// Rows on a page when nothing is asked for.
pub const DEFAULT_LIMIT: i64 = 20;
/// Rows on a page at most.
pub const MOST: i64 = 200;

/// Where a page begins: beside the row with this sort key and id, so that what others write moves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The sort key of the row, as text.
    pub key: String,
    /// The row.
    pub id: Uuid,
    /// Whether the page lies before the row instead of after it.
    pub is_backwards: bool,
}

/// What part of a list is asked for.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Rows at most, 1 to 200.
    pub limit: i64,
    /// The number of the page, from 1. Without a position, pages before it are counted off.
    pub number: i64,
    /// Where the page begins.
    pub position: Option<Position>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            limit: DEFAULT_LIMIT,
            number: 1,
            position: None,
        }
    }
}

impl PageRequest {
    /// Whether the rows are to be read in the order opposite to that of the list.
    pub fn is_backwards(&self) -> bool {
        self.position
            .as_ref()
            .is_some_and(|position| position.is_backwards)
    }
    /// Rows to step over.
    pub fn offset(&self) -> i64 {
        match self.position {
            Some(_) => 0,
            None => self.number.saturating_sub(1).saturating_mul(self.limit),
        }
    }
    /// Makes a page of rows read in the asked direction, one more than the limit if there are more.
    pub fn page_of<T>(&self, mut rows: Vec<T>, key_of: impl Fn(&T) -> (String, Uuid)) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let is_backwards = self.is_backwards();
        if is_backwards {
            rows.reverse();
        }
        let beside = |row: Option<&T>, is_backwards: bool| {
            row.map(|row| {
                let (key, id) = key_of(row);
                Position {
                    key,
                    id,
                    is_backwards,
                }
            })
        };
        let has_next = is_backwards || has_more;
        let has_prev = if is_backwards {
            has_more
        } else {
            self.position.is_some() || self.number > 1
        };
        let next = if has_next {
            beside(rows.last(), false)
        } else {
            None
        };
        let prev = if has_prev {
            beside(rows.first(), true)
        } else {
            None
        };
        Page { rows, prev, next }
    }
    /// Cuts the page out of a whole short list, in which a row's place is told by its id.
    pub fn cut<T>(&self, rows: Vec<T>, id_of: impl Fn(&T) -> Uuid) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let at = self
            .position
            .as_ref()
            .and_then(|position| rows.iter().position(|row| id_of(row) == position.id));
        let (start, end) = match (at, self.is_backwards()) {
            (Some(at), false) => (at + 1, at + 1 + limit),
            (Some(at), true) => (at.saturating_sub(limit), at),
            (None, _) => {
                let start = usize::try_from(self.offset()).unwrap_or(usize::MAX);
                (start, start.saturating_add(limit))
            }
        };
        let total = rows.len();
        let shown: Vec<T> = rows
            .into_iter()
            .enumerate()
            .filter(|(place, _)| *place >= start && *place < end)
            .map(|(_, row)| row)
            .collect();
        let beside = |row: Option<&T>, is_backwards: bool| {
            row.map(|row| Position {
                key: String::new(),
                id: id_of(row),
                is_backwards,
            })
        };
        let next = if end < total {
            beside(shown.last(), false)
        } else {
            None
        };
        let prev = if start > 0 {
            beside(shown.first(), true)
        } else {
            None
        };
        Page {
            rows: shown,
            prev,
            next,
        }
    }
    /// Cuts the page out of a whole short list that stands in the order of its keys. A row that has gone meanwhile moves
    /// nothing: the page begins where the row stood.
    pub fn cut_sorted<T>(&self, rows: Vec<T>, key_of: impl Fn(&T) -> (String, Uuid)) -> Page<T> {
        let place = self.position.as_ref().map(|p| (p.key.clone(), p.id));
        let is_backwards = self.is_backwards();
        let mut rest: Vec<T> = rows
            .into_iter()
            .filter(|row| match &place {
                Some(place) if is_backwards => key_of(row) < *place,
                Some(place) => key_of(row) > *place,
                None => true,
            })
            .collect();
        if is_backwards {
            rest.reverse();
        }
        let offset = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let most = usize::try_from(self.limit).unwrap_or(0).saturating_add(1);
        let rows = rest.into_iter().skip(offset).take(most).collect();
        self.page_of(rows, key_of)
    }
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub rows: Vec<T>,
    /// Where the page before ends.
    pub prev: Option<Position>,
    /// Where the next page begins.
    pub next: Option<Position>,
}

impl<T> Page<T> {
    /// The same page of something else, row by row.
    ///
    /// # Errors
    /// The first error of the change.
    pub fn try_map<U, E>(self, change: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        self.try_with(|rows| rows.into_iter().map(change).collect())
    }

    /// The same page of something else, all rows at once.
    ///
    /// # Errors
    /// That of the change.
    pub fn try_with<U, E>(
        self,
        change: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>,
    ) -> Result<Page<U>, E> {
        Ok(Page {
            rows: change(self.rows)?,
            prev: self.prev,
            next: self.next,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ids(count: u128) -> Vec<Uuid> {
        (1..=count).map(Uuid::from_u128).collect()
    }

    #[test]
    fn a_short_list_is_walked_forth_and_back_without_skipping() {
        let all = ids(7);
        let mut request = PageRequest {
            limit: 3,
            ..PageRequest::default()
        };
        let mut seen = Vec::new();
        let mut last_prev;
        loop {
            let page = request.cut(all.clone(), |id| *id);
            seen.extend(page.rows);
            last_prev = page.prev;
            let Some(next) = page.next else { break };
            request.position = Some(next);
        }
        assert_eq!(seen, all);
        request.position = last_prev;
        let back = request.cut(all.clone(), |id| *id);
        assert_eq!(back.rows, all.get(3..6).unwrap());
    }

    #[test]
    fn a_page_past_the_end_is_empty_and_leads_back() {
        let request = PageRequest {
            limit: 3,
            number: 9,
            position: None,
        };
        let page = request.cut(ids(7), |id| *id);
        assert!(page.rows.is_empty() && page.next.is_none());
    }

    #[test]
    fn a_row_that_goes_between_two_pages_moves_nothing() {
        let key_of = |id: &Uuid| (id.as_u128().to_string(), *id);
        let mut all = ids(9);
        let mut request = PageRequest {
            limit: 3,
            ..PageRequest::default()
        };
        let first = request.cut_sorted(all.clone(), key_of);
        assert_eq!(first.rows, all.get(..3).unwrap());
        request.position = first.next;
        all.remove(2); // the row that the position names
        let second = request.cut_sorted(all.clone(), key_of);
        assert_eq!(second.rows, all.get(2..5).unwrap());
        request.position = second.prev;
        let back = request.cut_sorted(all.clone(), key_of);
        assert_eq!(back.rows, all.get(..2).unwrap());
        assert!(back.prev.is_none() && back.next.is_some());
    }

    #[test]
    fn one_row_too_many_tells_that_there_is_more() {
        let request = PageRequest {
            limit: 2,
            ..PageRequest::default()
        };
        let page = request.page_of(ids(3), |id| (String::new(), *id));
        assert_eq!(page.rows.len(), 2);
        assert_eq!(page.next.unwrap().id, Uuid::from_u128(2));
        assert!(page.prev.is_none());
    }
}
