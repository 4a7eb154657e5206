//! Which groups has a reader of a division, from this release and from those before it? Within a year groups only grow together:
//! those of earlier releases are parts of those of today. Here all of them stand in one tree, so that what was shown of a finer
//! group stays in the equations of every release that follows, in which nothing is published of it.
//! How groups are made is decided in `groups`, what earlier releases have shown of them is told in `earlier`.

use super::groups::Grouped;
use std::collections::BTreeSet;
use std::ops::Range;

/// A division as it is published now, with the finer groups that earlier releases have shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lineage {
    /// As it is now.
    pub(super) now: Grouped,
    /// The finest groups of all releases: the leaves of the tree.
    pub(super) finest: Grouped,
    /// The groups of now, in their order, then those that are parts of others.
    nodes: Vec<Node>,
}

/// A group of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    leaves: BTreeSet<usize>,
    /// The groups that add up to it; none of a leaf.
    parts: Vec<usize>,
}

impl Lineage {
    /// A division of which there are no other groups than those of now.
    pub(super) fn alone(now: Grouped) -> Self {
        let nodes = (0..now.categories.len()).map(|place| Node {
            leaves: [place].into(),
            parts: Vec::new(),
        });
        Self {
            nodes: nodes.collect(),
            finest: now.clone(),
            now,
        }
    }

    /// A division with the groups that `earlier` releases have shown of it, `finest` being the finest until now. Nothing where
    /// they are not parts of those of now.
    pub(super) fn of<'a>(
        now: &Grouped,
        finest: &Grouped,
        earlier: impl Iterator<Item = &'a Grouped>,
    ) -> Option<Self> {
        if now.place_of.is_empty() || finest.place_of.is_empty() {
            let both = now.place_of.is_empty() && finest.place_of.is_empty();
            return both.then(|| Self::alone(now.clone()));
        }
        let finest = with_new_keys(finest, now)?;
        let of_now = |place: usize| leaves_of(now, place, &finest);
        let groups: Vec<BTreeSet<usize>> = (0..now.categories.len()).map(of_now).collect();
        let leaves = finest.place_of.values().map(|leaf| BTreeSet::from([*leaf]));
        let shown = earlier.flat_map(|one| {
            let places = 0..one.categories.len();
            places.map(|place| leaves_of(one, place, &finest))
        });
        let finer: BTreeSet<BTreeSet<usize>> = leaves
            .chain(shown)
            .filter(|set| !set.is_empty() && !groups.contains(set))
            .collect();
        let mut nodes: Vec<Node> = groups
            .into_iter()
            .chain(finer)
            .map(|leaves| Node {
                leaves,
                parts: Vec::new(),
            })
            .collect();
        for number in now.categories.len()..nodes.len() {
            let above = smallest_around(&nodes, number)?;
            nodes.get_mut(above)?.parts.push(number);
        }
        Some(Self {
            now: now.clone(),
            finest,
            nodes,
        })
    }

    /// How many groups there are, the finer ones included.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The numbers of those that are parts of others.
    pub(super) fn finer(&self) -> Range<usize> {
        self.now.categories.len()..self.nodes.len()
    }

    /// Whether there are others than those of now.
    pub(super) fn has_finer(&self) -> bool {
        !self.finer().is_empty()
    }

    /// What they are called.
    pub(super) fn labels(&self) -> Vec<String> {
        let now = self.now.categories.iter().map(|one| one.code.clone());
        let finer = self.nodes.iter().skip(self.now.categories.len());
        let finer = finer.map(|node| {
            let names = node.leaves.iter();
            let names = names.filter_map(|leaf| self.finest.categories.get(*leaf));
            let names: Vec<&str> = names.map(|one| one.code.as_str()).collect();
            names.join("+")
        });
        now.chain(finer).collect()
    }

    /// The groups that are sums of others, with these.
    pub(super) fn subtotals(&self) -> impl Iterator<Item = (usize, &[usize])> {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| !node.parts.is_empty())
            .map(|(number, node)| (number, node.parts.as_slice()))
    }

    /// The rows of all groups from those of the finest.
    pub(super) fn summed(&self, finest: &[Vec<u64>]) -> Vec<Vec<u64>> {
        let width = finest.first().map_or(0, Vec::len);
        let sum = |node: &Node| {
            let mut sum = vec![0_u64; width];
            for row in node.leaves.iter().filter_map(|leaf| finest.get(*leaf)) {
                for (sum, count) in sum.iter_mut().zip(row) {
                    *sum = sum.saturating_add(*count);
                }
            }
            sum
        };
        self.nodes.iter().map(sum).collect()
    }

    /// The number of each group of another release of the year, which must be among those that this was made of.
    pub(super) fn places(&self, other: &Grouped) -> Vec<Option<usize>> {
        if other.place_of.is_empty() {
            return (0..other.categories.len()).map(Some).collect();
        }
        let place = |place: usize| {
            let leaves = leaves_of(other, place, &self.finest);
            let mut nodes = self.nodes.iter();
            nodes.position(|node| node.leaves == leaves && !leaves.is_empty())
        };
        (0..other.categories.len()).map(place).collect()
    }

    /// Whether a group is a part of another, at whatever remove.
    pub(super) fn is_below(&self, group: usize, other: usize) -> bool {
        let nodes = self.nodes.get(group).zip(self.nodes.get(other));
        nodes.is_some_and(|(group, other)| {
            group.leaves.len() < other.leaves.len() && group.leaves.is_subset(&other.leaves)
        })
    }

    /// The groups of which one is the sum.
    pub(super) fn parts(&self, group: usize) -> &[usize] {
        self.nodes.get(group).map_or(&[], |node| &node.parts)
    }

    /// The categories of the register that are in a group.
    pub(super) fn keys(&self, group: usize) -> BTreeSet<&String> {
        let leaves = self.nodes.get(group).map(|node| &node.leaves);
        let keys = self.finest.place_of.iter();
        keys.filter(|(_, leaf)| leaves.is_some_and(|leaves| leaves.contains(leaf)))
            .map(|(key, _)| key)
            .collect()
    }
}

/// The finest groups, with what is new in one of those that it is together with now, since nobody was in it before; nothing where
/// a group is now torn apart.
fn with_new_keys(finest: &Grouped, now: &Grouped) -> Option<Grouped> {
    let mut held = finest.clone();
    let mut now_of = vec![None; finest.categories.len()];
    for (key, leaf) in &finest.place_of {
        let place = *now.place_of.get(key)?;
        let slot = now_of.get_mut(*leaf)?;
        if slot.is_some_and(|other| other != place) {
            return None;
        }
        *slot = Some(place);
    }
    for (key, place) in &now.place_of {
        if held.place_of.contains_key(key) {
            continue;
        }
        let leaf = match now_of.iter().rposition(|other| *other == Some(*place)) {
            Some(leaf) => leaf,
            None => {
                held.categories.push(now.categories.get(*place)?.clone());
                now_of.push(Some(*place));
                now_of.len() - 1
            }
        };
        held.place_of.insert(key.clone(), leaf);
    }
    Some(held)
}

/// The leaves of which a group is made.
fn leaves_of(one: &Grouped, place: usize, finest: &Grouped) -> BTreeSet<usize> {
    let keys = one.keys_of(place);
    keys.filter_map(|key| finest.place_of.get(key).copied())
        .collect()
}

/// The smallest group that another is a part of; nothing where there is none, or where two overlap.
fn smallest_around(nodes: &[Node], number: usize) -> Option<usize> {
    let own = &nodes.get(number)?.leaves;
    let mut smallest: Option<(usize, usize)> = None;
    for (other, node) in nodes
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != number)
    {
        if own.is_disjoint(&node.leaves) || node.leaves.is_subset(own) {
            continue;
        }
        if !own.is_subset(&node.leaves) {
            return None;
        }
        if smallest.is_none_or(|(size, _)| node.leaves.len() < size) {
            smallest = Some((node.leaves.len(), other));
        }
    }
    smallest.map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::statistics::groups::category;
    use crate::statistics::tally::Division;

    fn grouped(groups: &[(&str, &[&str])]) -> Grouped {
        let keys = groups.iter().enumerate();
        let keys = keys
            .flat_map(|(place, (_, keys))| keys.iter().map(move |key| ((*key).to_owned(), place)));
        Grouped {
            division: Division::Area,
            place_of: keys.collect(),
            categories: groups
                .iter()
                .map(|(code, _)| category(code, code, code))
                .collect(),
        }
    }

    #[test]
    fn groups_that_grew_together_stand_under_what_they_are_now() {
        let first = grouped(&[("a", &["a"]), ("b", &["b"]), ("c", &["c"]), ("d", &["d"])]);
        let second = grouped(&[("a", &["a"]), ("b", &["b"]), ("rest", &["c", "d"])]);
        let now = grouped(&[("a", &["a"]), ("rest", &["b", "c", "d", "new"])]);
        let lineage = Lineage::of(&now, &first, [&first, &second].into_iter()).unwrap();
        // a, rest, b, c, c+d, d; what is new is in the last of the rest.
        let subtotals: Vec<_> = lineage.subtotals().collect();
        assert_eq!(lineage.labels(), ["a", "rest", "b", "c", "c+d", "d"]);
        assert_eq!(subtotals, [(1, &[2, 4][..]), (4, &[3, 5][..])]);
        assert_eq!(lineage.places(&second), [Some(0), Some(2), Some(4)]);
        assert_eq!(lineage.finest.place_of.get("new"), Some(&3));
        let rows = lineage.summed(&[vec![1], vec![2], vec![4], vec![8]]);
        assert_eq!(rows, [[1], [14], [2], [4], [12], [8]]);
        assert!(lineage.is_below(5, 1) && lineage.is_below(5, 4) && !lineage.is_below(4, 5));
    }

    #[test]
    fn what_has_only_got_a_new_key_is_the_same_group() {
        let first = grouped(&[("a", &["a"]), ("other", &["b"])]);
        let now = grouped(&[("a", &["a"]), ("other", &["b", "new"])]);
        let lineage = Lineage::of(&now, &first, std::iter::once(&first)).unwrap();
        assert!(!lineage.has_finer());
        assert_eq!(lineage.places(&first), [Some(0), Some(1)]);
    }

    #[test]
    fn groups_that_are_torn_apart_have_no_tree() {
        let first = grouped(&[("a", &["a"]), ("rest", &["b", "c"])]);
        let now = grouped(&[("a", &["a", "b"]), ("c", &["c"])]);
        assert_eq!(Lineage::of(&now, &first, std::iter::once(&first)), None);
    }
}
