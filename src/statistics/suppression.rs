//! Which cells of a frequency table may be published without telling who is in them?
//!
//! Small counts are hidden, then further cells, until nobody can compute or narrowly bound a
//! hidden count from what is left (rows, columns, layers, every margin, linked tables). The
//! answer is always checked by [`super::suppression_audit`], which sees only the output; what
//! cannot be shown to be safe is hidden. Percentages and means belong to the caller: they must
//! be withheld with their counts. So does the choice of tables, and the comparison of one
//! release with another, which this module knows nothing of.

use thiserror::Error;

use super::shape::{Coordinates, MAX_DIMENSIONS, MAX_DIVISIONS, Shape};
use super::suppression_audit::{self, Change, Evidence, Weakness};
use super::suppression_rules::primary;
use super::suppression_search::{Problem, Search};

/// Smallest threshold that may be configured: below it a cell of two people would be shown,
/// and each of the two would read the other.
pub const LOWEST_THRESHOLD: u64 = 3;
/// Threshold unless configured: 1 to 4 are hidden, the commonest rule among Swedish publishers.
pub const DEFAULT_THRESHOLD: u64 = 5;
/// Largest threshold that means anything for a municipality.
pub const HIGHEST_THRESHOLD: u64 = 1_000;
/// Most cells of one table, margins included, so that a web request stays short.
pub const MAX_CELLS: usize = 4_000;
/// Most persons or events in one table; the solver works in floating point.
pub const MAX_TOTAL: u64 = 10_000_000;
/// Most tables handled together.
pub const MAX_TABLES: usize = 64;

/// How many times the audit may send the pattern back before everything is hidden.
const REPAIR_ROUNDS: usize = 40;
/// How much solving the rounds may take together, in the measure of [`suppression_audit::AuditReport::work`].
const REPAIR_WORK: usize = 10_000_000;

/// Why a table was refused or could not be protected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SuppressionError {
    /// The threshold would show groups of two, or is out of all proportion.
    #[error("the threshold {0} is outside {LOWEST_THRESHOLD}..={HIGHEST_THRESHOLD}")]
    Threshold(u64),
    /// A table needs one to three dimensions.
    #[error("a table has 1 to {MAX_DIMENSIONS} dimensions, not {0}")]
    Dimensions(usize),
    /// A dimension without categories.
    #[error("the dimension {0} has no categories")]
    EmptyDimension(String),
    /// The counts do not fill the table.
    #[error("the table has {expected} inner cells, {found} counts were given")]
    CountMismatch {
        /// Inner cells of the table.
        expected: usize,
        /// Counts given.
        found: usize,
    },
    /// More than [`MAX_CELLS`] cells, [`MAX_TOTAL`] units or [`MAX_TABLES`] tables.
    #[error("the tables are too large to be protected")]
    TooLarge,
    /// The divisions of a dimension do not add up to the same.
    #[error("the divisions of the dimension {0} have different sums")]
    DivisionsDiffer(String),
    /// A relation names a table that is not there, or one table twice.
    #[error("a relation between tables names the table {0} wrongly")]
    UnknownTable(usize),
    /// Related tables must have the same dimensions: names, labels and rules.
    #[error("the tables {0} and {1} are related but do not have the same dimensions")]
    DimensionMismatch(usize, usize),
    /// The counts contradict a stated relation, so that its premise is wrong.
    #[error("the counts of table {0} contradict a stated relation")]
    RelationBroken(usize),
    /// No safe pattern was found and not even the empty table passed the audit.
    #[error("no safe way to publish was found")]
    Unsafe,
}

/// One dimension of a table: a name, and a label per category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    name: String,
    labels: Vec<String>,
    /// How many labels each division has.
    divisions: Vec<usize>,
    hide_uniform: bool,
}

impl Dimension {
    /// A dimension that only places people (sex, age group, area). That all in a row fall in
    /// one category tells nothing about them that is worth protecting.
    pub fn group<L: Into<String>>(
        name: impl Into<String>,
        labels: impl IntoIterator<Item = L>,
    ) -> Self {
        Self::new(name.into(), labels, false)
    }

    /// A dimension that says something about people (outcome, reason). A row in which all units
    /// fall in one category would reveal it for each of them, so such rows are hidden.
    pub fn outcome<L: Into<String>>(
        name: impl Into<String>,
        labels: impl IntoIterator<Item = L>,
    ) -> Self {
        Self::new(name.into(), labels, true)
    }

    fn new<L: Into<String>>(
        name: String,
        labels: impl IntoIterator<Item = L>,
        hide_uniform: bool,
    ) -> Self {
        let labels: Vec<String> = labels.into_iter().map(Into::into).collect();
        Self {
            name,
            divisions: vec![labels.len()],
            labels,
            hide_uniform,
        }
    }

    /// A group dimension that divides the same people in several ways that are not crossed (by
    /// sex, by age group, by area): the categories of each division add up to the same totals.
    pub fn divided<L: Into<String>>(
        name: impl Into<String>,
        divisions: impl IntoIterator<Item = Vec<L>>,
    ) -> Self {
        let divisions: Vec<Vec<L>> = divisions.into_iter().collect();
        let sizes = divisions.iter().map(Vec::len).collect();
        let mut dimension = Self::group(name, divisions.into_iter().flatten());
        dimension.divisions = sizes;
        dimension
    }

    /// How many categories each division has; one division unless [`Self::divided`].
    pub fn divisions(&self) -> &[usize] {
        &self.divisions
    }

    /// Overrides whether rows in which all units fall in one category are hidden.
    #[must_use]
    pub fn with_uniform_rows_hidden(mut self, hide: bool) -> Self {
        self.hide_uniform = hide;
        self
    }

    /// The name given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The labels of the categories, in order; the total has none.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether rows in which all units fall in one category are hidden.
    pub fn hides_uniform_rows(&self) -> bool {
        self.hide_uniform
    }
}

/// A frequency table of one to three dimensions with every margin. Holds the true counts and is
/// therefore never published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountTable {
    dimensions: Vec<Dimension>,
    shape: Shape,
    values: Vec<u64>,
    /// Cells that readers know from elsewhere.
    known: Vec<bool>,
    /// Cells whose rows along a dimension of outcomes are hidden whatever they hold.
    withheld: Vec<bool>,
}

impl CountTable {
    /// Builds the table and its margins from the inner cells, the last dimension varying fastest.
    ///
    /// # Errors
    /// [`SuppressionError::Dimensions`], [`SuppressionError::EmptyDimension`],
    /// [`SuppressionError::CountMismatch`] or [`SuppressionError::TooLarge`].
    pub fn new(dimensions: Vec<Dimension>, inner: &[u64]) -> Result<Self, SuppressionError> {
        if dimensions.is_empty() || dimensions.len() > MAX_DIMENSIONS {
            return Err(SuppressionError::Dimensions(dimensions.len()));
        }
        if let Some(empty) = dimensions
            .iter()
            .find(|dimension| dimension.divisions.is_empty() || dimension.divisions.contains(&0))
        {
            return Err(SuppressionError::EmptyDimension(empty.name.clone()));
        }
        let mut shape = Shape::new(dimensions.iter().map(|dimension| dimension.labels.len()));
        for (number, dimension) in dimensions.iter().enumerate() {
            if dimension.divisions.len() > MAX_DIVISIONS {
                return Err(SuppressionError::TooLarge);
            }
            shape = shape.divided(number, &dimension.divisions);
        }
        if shape.len() > MAX_CELLS {
            return Err(SuppressionError::TooLarge);
        }
        let expected = dimensions
            .iter()
            .map(|dimension| dimension.labels.len())
            .product::<usize>();
        if inner.len() != expected {
            return Err(SuppressionError::CountMismatch {
                expected,
                found: inner.len(),
            });
        }
        let mut total = 0_u64;
        for &count in inner {
            total = total
                .checked_add(count)
                .filter(|&sum| sum <= MAX_TOTAL)
                .ok_or(SuppressionError::TooLarge)?;
        }
        let mut values = vec![0; shape.len()];
        for (number, &count) in inner.iter().enumerate() {
            let mut rest = number;
            let mut at: Coordinates = [0; MAX_DIMENSIONS];
            for (dimension, slot) in at.iter_mut().enumerate().rev() {
                let categories = shape.categories(dimension);
                if categories > 0 {
                    *slot = rest % categories;
                    rest /= categories;
                }
            }
            // Every subset of the present dimensions may be summed over.
            for subset in 0_u8..(1 << MAX_DIMENSIONS) {
                let mut cell = at;
                let mut counted = true;
                for (dimension, slot) in cell.iter_mut().enumerate() {
                    if subset & (1 << dimension) != 0 {
                        // Totals are the sums of the first division.
                        let first = shape.divisions(dimension).next();
                        counted &= first.is_some_and(|first| first.contains(slot));
                        *slot = shape.categories(dimension);
                    }
                }
                if let Some(value) = shape
                    .index(cell)
                    .filter(|_| counted)
                    .and_then(|i| values.get_mut(i))
                {
                    *value += count;
                }
            }
        }
        let table = Self {
            dimensions,
            shape,
            known: vec![false; values.len()],
            withheld: vec![false; values.len()],
            values,
        };
        match table.unequal_dimension() {
            Some(name) => Err(SuppressionError::DivisionsDiffer(name)),
            None => Ok(table),
        }
    }

    /// The same table, of which readers know the totals over a dimension from a table published
    /// elsewhere: hiding them here would protect nothing, so they are never hidden.
    #[must_use]
    pub fn with_known_totals(mut self, dimension: usize) -> Self {
        for (index, known) in self.known.iter_mut().enumerate() {
            *known |= self
                .shape
                .is_total(self.shape.coordinates(index), dimension);
        }
        self
    }

    /// The same table, of which the rows of outcomes of some categories (positions in `dimension`)
    /// are hidden whole: for a breakdown too fine to be shown, which still must not be computed.
    #[must_use]
    pub fn with_rows_withheld(
        mut self,
        dimension: usize,
        categories: std::ops::Range<usize>,
    ) -> Self {
        for (index, withheld) in self.withheld.iter_mut().enumerate() {
            let at = self.shape.coordinates(index);
            *withheld |= at
                .get(dimension)
                .is_some_and(|place| categories.contains(place));
        }
        self
    }

    pub(super) fn is_withheld(&self, index: usize) -> bool {
        self.withheld.get(index).copied() == Some(true)
    }

    fn is_known(&self, index: usize) -> bool {
        self.known.get(index).copied() == Some(true)
    }

    /// A dimension of which a division does not add up to its totals.
    fn unequal_dimension(&self) -> Option<String> {
        let differs = |dimension: usize| {
            (0..self.shape.len()).any(|index| {
                let at = self.shape.coordinates(index);
                self.shape.is_total(at, dimension)
                    && self.shape.divisions(dimension).any(|mut division| {
                        let sum = division.try_fold(0_u64, |sum, position| {
                            Some(sum + self.value(self.shape.moved(at, dimension, position)?))
                        });
                        sum != Some(self.value(index))
                    })
            })
        };
        let mut names = self.dimensions.iter().enumerate();
        names
            .find(|&(dimension, _)| differs(dimension))
            .map(|(_, dimension)| dimension.name.clone())
    }

    /// The count of a cell: per dimension a category, or `None` for the total. Nothing when the
    /// coordinates do not fit the table.
    pub fn get(&self, at: &[Option<usize>]) -> Option<u64> {
        self.values.get(self.shape.find(at)?).copied()
    }

    /// The dimensions, in the order of the coordinates.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    pub(super) fn values(&self) -> &[u64] {
        &self.values
    }

    pub(super) fn value(&self, index: usize) -> u64 {
        self.values.get(index).copied().unwrap_or(0)
    }
}

/// Smallest count that may be shown, in units (persons or events).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold(u64);

impl Threshold {
    /// # Errors
    /// [`SuppressionError::Threshold`] below [`LOWEST_THRESHOLD`] or above [`HIGHEST_THRESHOLD`].
    pub fn new(smallest: u64) -> Result<Self, SuppressionError> {
        if (LOWEST_THRESHOLD..=HIGHEST_THRESHOLD).contains(&smallest) {
            Ok(Self(smallest))
        } else {
            Err(SuppressionError::Threshold(smallest))
        }
    }

    /// The smallest count that may be shown.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl Default for Threshold {
    fn default() -> Self {
        Self(DEFAULT_THRESHOLD)
    }
}

/// What happens to empty cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroPolicy {
    /// Zeros are published (the default; `allowZeros = FALSE` in sdcTable). Readers then know
    /// that a hidden cell is not zero, and the audit assumes that they do. Rows hidden for being
    /// uniform are the exception: their zeros are hidden with them, save those that follow from
    /// a published zero anyway.
    #[default]
    Publish,
    /// A zero may itself tell something ("nobody here accepted"): in every line along the *last*
    /// dimension, margins of the others included, that holds both a zero and a unit, all
    /// categories are hidden. Only the total of the line can remain.
    SuppressRow,
}

/// A published sum of tables: cell by cell, `total` is the sum of `parts`. Tables are named by
/// their position in the list given to [`protect_linked`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The table that is the sum.
    pub total: usize,
    /// The tables that add up to it.
    pub parts: Vec<usize>,
    /// Whether a cell where all units fall in one part is hidden in all parts.
    pub hide_uniform: bool,
}

impl Relation {
    /// The parts say something about people (accepted, declined): uniform cells are hidden.
    pub fn outcome(total: usize, parts: Vec<usize>) -> Self {
        Self {
            total,
            parts,
            hide_uniform: true,
        }
    }

    /// The parts only divide the units (quarters of a year): uniform cells may be shown.
    pub fn plain(total: usize, parts: Vec<usize>) -> Self {
        Self {
            total,
            parts,
            hide_uniform: false,
        }
    }
}

/// A publicly known inequality: cell by cell, `smaller` is at most `larger` (started, accepted).
/// The audit counts on the reader using it. It does not protect the *difference*: to do that,
/// give the difference as a table of its own in a [`Relation`], even if it is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtMost {
    /// Position of the table with the smaller counts.
    pub smaller: usize,
    /// Position of the table with the larger counts.
    pub larger: usize,
}

/// A table of events and the table of the persons behind them (contacts, persons contacted). Cell
/// by cell there are at least as many events as persons, and none without persons. Events are
/// hidden wherever their persons are: twelve contacts may be those of a single youth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventsOf {
    /// Position of the table of events.
    pub events: usize,
    /// Position of the table of persons.
    pub persons: usize,
}

/// Everything the reader knows about how the tables of one call belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkedTotals {
    /// Sums.
    pub relations: Vec<Relation>,
    /// Inequalities.
    pub at_most: Vec<AtMost>,
    /// Events and the persons behind them.
    pub events: Vec<EventsOf>,
}

impl LinkedTotals {
    /// Every inequality the reader knows.
    pub(super) fn inequalities(&self) -> impl Iterator<Item = AtMost> + '_ {
        let of_persons = self.events.iter().map(|pair| AtMost {
            smaller: pair.persons,
            larger: pair.events,
        });
        self.at_most.iter().copied().chain(of_persons)
    }
}

/// A cell as published. Whether a hidden cell was small or was hidden to protect another is not
/// kept, since that alone would narrow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The true count.
    Count(u64),
    /// Hidden.
    Suppressed,
}

/// A table that may be published. Holds no hidden count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedTable {
    dimensions: Vec<Dimension>,
    shape: Shape,
    cells: Vec<Cell>,
    threshold: Threshold,
    zeros: ZeroPolicy,
}

impl ProtectedTable {
    /// The cell at the coordinates, as in [`CountTable::get`].
    pub fn get(&self, at: &[Option<usize>]) -> Option<Cell> {
        self.at(self.shape.find(at)?)
    }

    /// The dimensions, in the order of the coordinates.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Every cell, margins included, with its coordinates.
    pub fn cells(&self) -> impl Iterator<Item = (Vec<Option<usize>>, Cell)> + '_ {
        self.cells
            .iter()
            .enumerate()
            .map(|(index, &cell)| (self.shape.public(index, self.dimensions.len()), cell))
    }

    /// The threshold in force, which is public.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The rule for zeros in force, which is public.
    pub fn zero_policy(&self) -> ZeroPolicy {
        self.zeros
    }

    /// Information loss: hidden cells as a share (0 to 1) of all cells, margins included.
    pub fn share_hidden(&self) -> f64 {
        let hidden = self
            .cells
            .iter()
            .filter(|&&cell| cell == Cell::Suppressed)
            .count();
        // At most MAX_CELLS: both fit a double exactly.
        hidden as f64 / self.cells.len().max(1) as f64
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    pub(super) fn at(&self, index: usize) -> Option<Cell> {
        self.cells.get(index).copied()
    }

    /// What is published of a table under a pattern of hidden cells.
    fn publish(
        table: &CountTable,
        hidden: &[bool],
        threshold: Threshold,
        zeros: ZeroPolicy,
    ) -> Self {
        let cells = table
            .values
            .iter()
            .zip(hidden)
            .map(|(&count, &hide)| {
                if hide {
                    Cell::Suppressed
                } else {
                    Cell::Count(count)
                }
            })
            .collect();
        Self {
            dimensions: table.dimensions.clone(),
            shape: table.shape,
            cells,
            threshold,
            zeros,
        }
    }
}

/// The cells in which all units of a line along `dimension` are found (group disclosure): the
/// coordinate of that dimension is the category. Lines over the margins of the other dimensions
/// are included, empty lines are not, and a dimension with one category has none.
pub fn uniform_rows(table: &CountTable, dimension: usize) -> Vec<Vec<Option<usize>>> {
    uniform_cells(table, dimension)
        .into_iter()
        .map(|index| table.shape.public(index, table.dimensions.len()))
        .collect()
}

fn uniform_cells(table: &CountTable, dimension: usize) -> Vec<usize> {
    let categories = table.shape.categories(dimension);
    (0..table.shape.len())
        .filter(|&index| {
            let at = table.shape.coordinates(index);
            let total = table.shape.moved(at, dimension, categories);
            table.shape.division(at, dimension).len() > 1
                && table.value(index) > 0
                && total.is_some_and(|total| table.value(total) == table.value(index))
        })
        .collect()
}

/// Protects one table. See [`protect_linked`].
///
/// # Errors
/// As [`protect_linked`].
pub fn protect(
    table: &CountTable,
    threshold: Threshold,
    zeros: ZeroPolicy,
) -> Result<ProtectedTable, SuppressionError> {
    protect_linked(
        std::slice::from_ref(table),
        &LinkedTotals::default(),
        threshold,
        zeros,
    )?
    .pop()
    .ok_or(SuppressionError::Unsafe)
}

/// Protects tables that are published together.
///
/// First every count of 1 to threshold − 1, inner or margin, is hidden, every count of events with
/// so few persons behind them, and every row that the rules for zeros and uniform rows name. Then, for each hidden cell, the cheapest set of cells
/// is hidden with it that lets its count vary by at least threshold − 1 while everything
/// published stays true (the hypercube method of Repsilber, extended to linked tables and with
/// exact ranges). The audit decides; where it objects, more is hidden. If it still objects after
/// a bounded number of rounds every cell of every table is hidden, save those known from elsewhere.
///
/// Protection reached, for every hidden cell: the integer tables that agree with everything
/// published, with the rules in force and with the relations, give it counts at least
/// threshold − 1 apart. It can then be any of threshold different sizes, never a single value.
///
/// The same input gives the same output.
///
/// # Errors
/// Any [`SuppressionError`] about the relations or the size; [`SuppressionError::Unsafe`] never
/// lets an unsafe table through, and is given where a total known from elsewhere ought to be hidden.
pub fn protect_linked(
    tables: &[CountTable],
    links: &LinkedTotals,
    threshold: Threshold,
    zeros: ZeroPolicy,
) -> Result<Vec<ProtectedTable>, SuppressionError> {
    check_links(tables, links)?;
    let primary = primary(tables, links, threshold, zeros);
    let given_away = tables.iter().zip(&primary.hidden).any(|(table, hidden)| {
        let mut cells = table.known.iter().zip(hidden);
        cells.any(|(&known, &hide)| known && hide)
    });
    if given_away {
        return Err(SuppressionError::Unsafe);
    }
    let shapes = tables.iter().map(|table| table.shape).collect::<Vec<_>>();
    let values = tables
        .iter()
        .map(|table| table.values.as_slice())
        .collect::<Vec<_>>();
    let known = tables
        .iter()
        .map(|table| table.known.as_slice())
        .collect::<Vec<_>>();
    let withheld = tables
        .iter()
        .map(|table| table.withheld.as_slice())
        .collect::<Vec<_>>();
    let (hidden, changes) = Search::new(Problem {
        shapes: &shapes,
        values: &values,
        links,
        known: &known,
        withheld: &withheld,
        hidden: primary.hidden,
        may_be_zero: primary.may_be_zero,
        width: threshold.get() - 1,
    })
    .run();
    settle(tables, links, threshold, zeros, hidden, changes)
}

/// Audits, repairs and audits again; ends with a safe answer or an error.
fn settle(
    tables: &[CountTable],
    links: &LinkedTotals,
    threshold: Threshold,
    zeros: ZeroPolicy,
    mut hidden: Vec<Vec<bool>>,
    changes: Vec<Vec<Change>>,
) -> Result<Vec<ProtectedTable>, SuppressionError> {
    let publish = |hidden: &[Vec<bool>]| {
        tables
            .iter()
            .zip(hidden)
            .map(|(table, mask)| ProtectedTable::publish(table, mask, threshold, zeros))
            .collect::<Vec<_>>()
    };
    // Only proposed: the audit accepts of this what it can check against the published figures.
    let evidence = Evidence {
        base: tables.iter().map(|table| table.values.clone()).collect(),
        changes,
    };
    let mut work = 0_usize;
    for _ in 0..REPAIR_ROUNDS {
        let published = publish(&hidden);
        let report = suppression_audit::audit_with(&published, links, Some(&evidence));
        if report.is_clean() {
            return Ok(published);
        }
        work = work.saturating_add(report.work());
        if work > REPAIR_WORK || !repair(tables, links, &mut hidden, report.weaknesses()) {
            break;
        }
    }
    for (table, hidden) in tables.iter().zip(&mut hidden) {
        for (cell, known) in hidden.iter_mut().zip(&table.known) {
            *cell = !known;
        }
    }
    let published = publish(&hidden);
    if suppression_audit::audit(&published, links).is_clean() {
        Ok(published)
    } else {
        Err(SuppressionError::Unsafe)
    }
}

/// Hides one more cell for every weakness, except where a neighbour was hidden a moment ago: that
/// may have been enough. False when nothing is left to hide.
fn repair(
    tables: &[CountTable],
    links: &LinkedTotals,
    hidden: &mut [Vec<bool>],
    weaknesses: &[Weakness],
) -> bool {
    let mut fresh: Vec<(usize, usize)> = Vec::new();
    for weakness in weaknesses {
        let Some(table) = tables.get(weakness.table) else {
            continue;
        };
        let Some(index) = table.shape.find(&weakness.cell) else {
            continue;
        };
        let chosen = if weakness.kind.is_published() {
            Some((weakness.table, index)).filter(|_| !table.is_known(index))
        } else {
            let mates = line_mates(tables, links, weakness.table, index);
            if mates.iter().any(|mate| fresh.contains(mate)) {
                continue;
            }
            cheapest(tables, hidden, mates).or_else(|| {
                let anywhere = tables.iter().enumerate().flat_map(|(number, table)| {
                    (0..table.shape.len()).map(move |index| (number, index))
                });
                cheapest(tables, hidden, anywhere)
            })
        };
        let Some((table, index)) = chosen else {
            continue;
        };
        if let Some(cell) = hidden
            .get_mut(table)
            .and_then(|mask| mask.get_mut(index))
            .filter(|cell| !**cell)
        {
            *cell = true;
            fresh.push((table, index));
        }
    }
    !fresh.is_empty()
}

/// The cells that share a line, or a relation, with a cell.
fn line_mates(
    tables: &[CountTable],
    links: &LinkedTotals,
    table: usize,
    index: usize,
) -> Vec<(usize, usize)> {
    let mut mates = Vec::new();
    if let Some(shape) = tables.get(table).map(|table| table.shape) {
        let at = shape.coordinates(index);
        for dimension in 0..MAX_DIMENSIONS {
            mates.extend(
                (0..=shape.categories(dimension))
                    .filter_map(|position| shape.moved(at, dimension, position))
                    .filter(|&mate| mate != index)
                    .map(|mate| (table, mate)),
            );
        }
    }
    for relation in &links.relations {
        let members = || relation.parts.iter().copied().chain([relation.total]);
        if members().any(|member| member == table) {
            mates.extend(
                members()
                    .filter(|&member| member != table)
                    .map(|member| (member, index)),
            );
        }
    }
    for pair in links.inequalities() {
        if pair.smaller == table {
            mates.push((pair.larger, index));
        } else if pair.larger == table {
            mates.push((pair.smaller, index));
        }
    }
    mates
}

/// The published cell with the smallest count; an empty one would gain nothing, since readers
/// know that zeros are not hidden one by one.
fn cheapest(
    tables: &[CountTable],
    hidden: &[Vec<bool>],
    candidates: impl IntoIterator<Item = (usize, usize)>,
) -> Option<(usize, usize)> {
    candidates
        .into_iter()
        .filter(|&(table, index)| {
            hidden
                .get(table)
                .and_then(|mask| mask.get(index))
                .is_some_and(|&hide| !hide)
                && tables
                    .get(table)
                    .is_some_and(|table| !table.is_known(index))
        })
        .filter_map(|(table, index)| {
            let count = tables.get(table)?.value(index);
            (count > 0).then_some((count, table, index))
        })
        .min()
        .map(|(_, table, index)| (table, index))
}

fn check_links(tables: &[CountTable], links: &LinkedTotals) -> Result<(), SuppressionError> {
    if tables.len() > MAX_TABLES {
        return Err(SuppressionError::TooLarge);
    }
    let known = |number: usize| {
        tables
            .get(number)
            .ok_or(SuppressionError::UnknownTable(number))
    };
    for relation in &links.relations {
        let total = known(relation.total)?;
        let mut seen = vec![relation.total];
        let mut parts = Vec::new();
        for &part in &relation.parts {
            if seen.contains(&part) {
                return Err(SuppressionError::UnknownTable(part));
            }
            seen.push(part);
            let table = known(part)?;
            if table.dimensions != total.dimensions {
                return Err(SuppressionError::DimensionMismatch(relation.total, part));
            }
            parts.push(table);
        }
        let holds = (0..total.shape.len()).all(|index| {
            parts.iter().map(|part| part.value(index)).sum::<u64>() == total.value(index)
        });
        if !holds {
            return Err(SuppressionError::RelationBroken(relation.total));
        }
    }
    for pair in links.inequalities() {
        let (smaller, larger) = (known(pair.smaller)?, known(pair.larger)?);
        if pair.smaller == pair.larger {
            return Err(SuppressionError::UnknownTable(pair.smaller));
        }
        if smaller.dimensions != larger.dimensions {
            return Err(SuppressionError::DimensionMismatch(
                pair.larger,
                pair.smaller,
            ));
        }
        if smaller
            .values
            .iter()
            .zip(&larger.values)
            .any(|(low, high)| low > high)
        {
            return Err(SuppressionError::RelationBroken(pair.smaller));
        }
    }
    for pair in &links.events {
        let (events, persons) = (known(pair.events)?, known(pair.persons)?);
        let mut counts = events.values.iter().zip(&persons.values);
        if counts.any(|(&events, &persons)| events > 0 && persons == 0) {
            return Err(SuppressionError::RelationBroken(pair.events));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
