//! Whose turn is it? Of many who wait for a few threads, each person has a line of their own, and the lines take turns, so that
//! whoever asks for a thousand things at once waits for themselves and nobody else does. Whoever has not signed in yet (signing in,
//! health) has every second turn; what goes through much of the register never has all threads, and neither has one person.
//! A line that would take longer than somebody is willing to wait is told so at once.
//!
//! What is done in a turn, and by which thread, is not known here; `store` hands out its connections by it, `http::bounds` the rest.

use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// Whoever waits at most, all lines together; beyond it the longest line gives way.
const MOST_WAITING: usize = 1024;
/// A measured time counts for one part in so many of the mean.
const MEMORY: u64 = 16;
/// What is slow anyway is waited for so many times as long.
const SLOW_PATIENCE: u32 = 15;

/// For whom something is done: each has a line of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Who {
    /// The service itself, and the command line.
    House,
    /// Whoever asks whether the service is well.
    Health,
    /// Somebody who has signed in.
    Person(Uuid),
    /// An address from which somebody has not signed in yet, as far as it is known.
    Address(Option<IpAddr>),
    /// Somebody known by a name that they have typed.
    Named(String),
}

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Before anybody is known: short, and every second turn is theirs.
    Front,
    /// The work of the day.
    Casework,
    /// Goes through much of the register: never on all threads at once.
    Slow,
}

/// A turn that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What kind.
    pub class: Class,
    /// For whom.
    pub who: Who,
}

impl Turn {
    /// A turn of the service itself.
    pub const fn of_house(class: Class) -> Self {
        Self {
            class,
            who: Who::House,
        }
    }

    /// How long it is worth waiting, when ordinary work is worth so long. The service itself is never told to come back.
    pub fn patience(&self, ordinary: Duration) -> Option<Duration> {
        match (&self.who, self.class) {
            (Who::House, _) => None,
            (_, Class::Slow) => Some(ordinary * SLOW_PATIENCE),
            _ => Some(ordinary),
        }
    }
}

/// How many may have a turn at once.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// All together.
    pub at_once: usize,
    /// One person.
    pub of_one: usize,
    /// Slow ones.
    pub slow: usize,
}

impl Bounds {
    /// For so many threads: one of them is always left for somebody else, and half of them for what is not slow.
    pub fn of_threads(threads: usize) -> Self {
        Self {
            at_once: threads.max(1),
            of_one: threads.saturating_sub(1).max(1),
            slow: (threads / 2).max(1),
        }
    }

    /// For one thread that does many things at once: only one of them may be slow, since all wait for it.
    pub const fn of_groups() -> Self {
        Self {
            at_once: 1,
            of_one: usize::MAX,
            slow: 1,
        }
    }
}

/// Why nobody was let into the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overload {
    /// In how many seconds it may be worth coming back.
    pub retry_after: u64,
}

/// The place of whoever waits.
pub type Ticket = u64;

/// Whoever has a turn, or whose turn it now is.
#[derive(Debug)]
pub struct Taken<T> {
    /// What waited.
    pub item: T,
    /// For whom; told again when the turn is over.
    pub turn: Turn,
}

/// The lines, and who has a turn.
#[derive(Debug)]
pub struct Rota<T> {
    bounds: Bounds,
    lines: HashMap<(Class, Who), VecDeque<(Ticket, T)>>,
    /// The lines that are not empty, in the order of their turns: of whoever has not signed in, and of all others.
    rings: [VecDeque<(Class, Who)>; 2],
    /// The ring whose turn it is when somebody waits in both.
    next_ring: usize,
    waiting: usize,
    next_ticket: Ticket,
    running: HashMap<Who, usize>,
    running_slow: usize,
    /// What a turn has taken lately, in microseconds; slow ones apart.
    mean_micros: u64,
}

const fn ring_of(class: Class) -> usize {
    match class {
        Class::Front => 0,
        Class::Casework | Class::Slow => 1,
    }
}

impl<T> Rota<T> {
    /// Nobody waits yet.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            lines: HashMap::new(),
            rings: [VecDeque::new(), VecDeque::new()],
            next_ring: 0,
            waiting: 0,
            next_ticket: 0,
            running: HashMap::new(),
            running_slow: 0,
            mean_micros: 0,
        }
    }

    /// Lets somebody into their line. With them comes whoever had to give way because all lines together were full.
    ///
    /// # Errors
    /// They would wait longer than they are willing to, or their own line is the longest of all and full.
    pub fn enter(
        &mut self,
        turn: &Turn,
        patience: Option<Duration>,
        item: T,
    ) -> Result<(Ticket, Option<T>), Overload> {
        if let Some(patience) = patience.filter(|_| turn.class != Class::Slow) {
            let expected = self.expected_wait(turn);
            if expected > patience {
                return Err(Overload::after(expected));
            }
        }
        let mut gone = None;
        if self.waiting >= MOST_WAITING {
            let longest = self
                .lines
                .iter()
                .max_by_key(|(_, line)| line.len())
                .map(|(key, line)| (key.clone(), line.len()));
            let own = self.line_length(turn);
            match longest {
                Some((key, length)) if length > own => gone = self.drop_last(&key),
                _ => return Err(Overload::after(self.expected_wait(turn))),
            }
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let key = (turn.class, turn.who.clone());
        let line = self.lines.entry(key.clone()).or_default();
        if line.is_empty()
            && let Some(ring) = self.rings.get_mut(ring_of(turn.class))
        {
            ring.push_back(key);
        }
        line.push_back((ticket, item));
        self.waiting += 1;
        Ok((ticket, gone))
    }

    /// Takes somebody out of their line again. `false`: their turn has come already, or they had to give way.
    pub fn leave(&mut self, turn: &Turn, ticket: Ticket) -> bool {
        let key = (turn.class, turn.who.clone());
        let Some(line) = self.lines.get_mut(&key) else {
            return false;
        };
        let Some(place) = line.iter().position(|(known, _)| *known == ticket) else {
            return false;
        };
        line.remove(place);
        self.waiting -= 1;
        self.forget_if_empty(&key);
        true
    }

    /// Whose turn it is, if it is anybody's.
    pub fn take(&mut self) -> Option<Taken<T>> {
        for ring in [self.next_ring, 1 - self.next_ring] {
            if let Some(taken) = self.next_of(ring) {
                self.next_ring = 1 - ring;
                return Some(taken);
            }
        }
        None
    }

    fn next_of(&mut self, ring: usize) -> Option<Taken<T>> {
        for _ in 0..self.rings.get(ring)?.len() {
            let key = self.rings.get_mut(ring)?.pop_front()?;
            if !self.may_have_turn(&key) {
                self.rings.get_mut(ring)?.push_back(key);
                continue;
            }
            let line = self.lines.get_mut(&key)?;
            let (_, item) = line.pop_front()?;
            if line.is_empty() {
                self.lines.remove(&key);
            } else {
                self.rings.get_mut(ring)?.push_back(key.clone());
            }
            self.waiting -= 1;
            let (class, who) = key;
            *self.running.entry(who.clone()).or_default() += 1;
            self.running_slow += usize::from(class == Class::Slow);
            return Some(Taken {
                item,
                turn: Turn { class, who },
            });
        }
        None
    }

    fn may_have_turn(&self, (class, who): &(Class, Who)) -> bool {
        (*class != Class::Slow || self.running_slow < self.bounds.slow)
            && self.running.get(who).copied().unwrap_or(0) < self.bounds.of_one
    }

    /// A turn is over; `took`: what it cost those who wait.
    pub fn finish(&mut self, turn: &Turn, took: Duration) {
        if let Some(running) = self.running.get_mut(&turn.who) {
            *running -= 1;
            if *running == 0 {
                self.running.remove(&turn.who);
            }
        }
        if turn.class == Class::Slow {
            self.running_slow = self.running_slow.saturating_sub(1);
            return;
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.mean_micros = match self.mean_micros {
            0 => micros,
            mean => mean - mean / MEMORY + micros / MEMORY,
        };
    }

    /// How many wait.
    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    fn line_length(&self, turn: &Turn) -> usize {
        let key = (turn.class, turn.who.clone());
        self.lines.get(&key).map_or(0, VecDeque::len)
    }

    /// By how many turns come before theirs, and what a turn has taken lately.
    fn expected_wait(&self, turn: &Turn) -> Duration {
        let own = self.line_length(turn);
        let ring = ring_of(turn.class);
        let before: usize = self
            .lines
            .iter()
            .filter(|((class, who), _)| ring_of(*class) == ring && *who != turn.who)
            .map(|(_, line)| line.len().min(own + 1))
            .sum::<usize>()
            + own;
        // The other ring has every second turn, as long as somebody waits in it.
        let others: usize = self.rings.get(1 - ring).map_or(0, |ring| {
            let lines = ring.iter().filter_map(|key| self.lines.get(key));
            lines.map(VecDeque::len).sum()
        });
        let turns = before + others.min(before);
        let turns = u64::try_from(turns).unwrap_or(u64::MAX);
        let threads = u64::try_from(self.bounds.at_once).unwrap_or(1).max(1);
        Duration::from_micros(turns.saturating_mul(self.mean_micros) / threads)
    }

    fn drop_last(&mut self, key: &(Class, Who)) -> Option<T> {
        let (_, item) = self.lines.get_mut(key)?.pop_back()?;
        self.waiting -= 1;
        self.forget_if_empty(key);
        Some(item)
    }

    fn forget_if_empty(&mut self, key: &(Class, Who)) {
        if self.lines.get(key).is_some_and(VecDeque::is_empty) {
            self.lines.remove(key);
            if let Some(ring) = self.rings.get_mut(ring_of(key.0)) {
                ring.retain(|known| known != key);
            }
        }
    }
}

impl Overload {
    /// To come back when what waits now is done.
    pub fn after(expected: Duration) -> Self {
        Self {
            retry_after: expected.as_secs().saturating_add(1).min(60),
        }
    }
}

/// The end of a queue at which work is given.
pub struct Giver<T> {
    rota: Arc<Mutex<Rota<T>>>,
    bell: Sender<()>,
}

impl<T> Clone for Giver<T> {
    fn clone(&self) -> Self {
        Self {
            rota: Arc::clone(&self.rota),
            bell: self.bell.clone(),
        }
    }
}

/// The end of a queue at which threads take work.
pub struct Taker<T> {
    rota: Arc<Mutex<Rota<T>>>,
    bell: Receiver<()>,
}

impl<T> Clone for Taker<T> {
    fn clone(&self) -> Self {
        Self {
            rota: Arc::clone(&self.rota),
            bell: self.bell.clone(),
        }
    }
}

/// A queue to threads that take turns.
pub fn queue<T>(bounds: Bounds) -> (Giver<T>, Taker<T>) {
    // As many rings of the bell as there are threads wake them all; more would wake nobody else.
    let (bell, heard) = bounded(bounds.at_once.max(1));
    let rota = Arc::new(Mutex::new(Rota::new(bounds)));
    let giver = Giver {
        rota: Arc::clone(&rota),
        bell,
    };
    (giver, Taker { rota, bell: heard })
}

/// The lines stay right whatever happens to whoever holds them: nothing in between can panic.
fn lock<T>(rota: &Mutex<Rota<T>>) -> MutexGuard<'_, Rota<T>> {
    rota.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Giver<T> {
    /// As [`Rota::enter`], and wakes a thread.
    ///
    /// # Errors
    /// As there.
    pub fn give(
        &self,
        turn: &Turn,
        patience: Option<Duration>,
        item: T,
    ) -> Result<(Ticket, Option<T>), Overload> {
        let entered = lock(&self.rota).enter(turn, patience, item);
        // When the bell is full every thread has heard it already.
        let _ = self.bell.try_send(());
        entered
    }

    /// As [`Rota::leave`].
    pub fn withdraw(&self, turn: &Turn, ticket: Ticket) -> bool {
        lock(&self.rota).leave(turn, ticket)
    }
}

impl<T> Taker<T> {
    /// The next in turn; waits for one. `None` when nobody can give any more and nobody waits.
    pub fn take(&self) -> Option<Taken<T>> {
        loop {
            if let Some(taken) = self.try_take() {
                return Some(taken);
            }
            if self.bell.recv().is_err() {
                // What may not be done yet is done by the thread that is in its way, when it comes back.
                return self.try_take();
            }
        }
    }

    /// The next in turn, if there is one.
    pub fn try_take(&self) -> Option<Taken<T>> {
        lock(&self.rota).take()
    }

    /// The turn is over.
    pub fn finish(&self, turn: &Turn, took: Duration) {
        lock(&self.rota).finish(turn, took);
    }

    /// What rings when somebody has entered; closed when nobody can any more.
    pub const fn bell(&self) -> &Receiver<()> {
        &self.bell
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn person(number: u128, class: Class) -> Turn {
        Turn {
            class,
            who: Who::Person(Uuid::from_u128(number)),
        }
    }

    fn rota(threads: usize) -> Rota<&'static str> {
        Rota::new(Bounds::of_threads(threads))
    }

    fn enter(rota: &mut Rota<&'static str>, turn: &Turn, item: &'static str) {
        assert!(rota.enter(turn, None, item).unwrap().1.is_none());
    }

    /// What is done one after another, on one thread.
    fn all(rota: &mut Rota<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| {
            let taken = rota.take()?;
            rota.finish(&taken.turn, Duration::from_millis(1));
            Some(taken.item)
        })
        .collect()
    }

    #[test]
    fn people_take_turns_however_much_one_of_them_asks_for() {
        let mut rota = rota(4);
        let (greedy, other) = (person(1, Class::Casework), person(2, Class::Casework));
        for _ in 0..4 {
            enter(&mut rota, &greedy, "greedy");
        }
        enter(&mut rota, &other, "other");
        enter(&mut rota, &other, "other");
        let order = all(&mut rota);
        assert_eq!(
            order,
            ["greedy", "other", "greedy", "other", "greedy", "greedy"]
        );
    }

    #[test]
    fn whoever_has_not_signed_in_has_every_second_turn_and_no_more() {
        let mut rota = rota(4);
        let nobody = Turn {
            class: Class::Front,
            who: Who::Address(None),
        };
        for _ in 0..3 {
            enter(&mut rota, &person(1, Class::Casework), "work");
        }
        for _ in 0..3 {
            enter(&mut rota, &nobody, "front");
        }
        let order = all(&mut rota);
        assert_eq!(order, ["front", "work", "front", "work", "front", "work"]);
    }

    #[test]
    fn neither_one_person_nor_what_is_slow_has_every_thread() {
        let mut rota = rota(4);
        for number in 1..=4 {
            enter(&mut rota, &person(number, Class::Slow), "slow");
        }
        let slow: Vec<_> = std::iter::from_fn(|| rota.take()).collect();
        assert_eq!(slow.len(), 2);
        for _ in 0..4 {
            enter(&mut rota, &person(9, Class::Casework), "work");
        }
        let work: Vec<_> = std::iter::from_fn(|| rota.take()).collect();
        assert_eq!(work.len(), 3);
        // One that ends makes room for one.
        rota.finish(&slow.first().unwrap().turn, Duration::ZERO);
        assert_eq!(rota.take().unwrap().item, "slow");
        assert!(rota.take().is_none());
        rota.finish(&work.first().unwrap().turn, Duration::ZERO);
        assert_eq!(rota.take().unwrap().item, "work");
        assert!(rota.take().is_none());
    }

    #[test]
    fn a_line_that_takes_too_long_is_told_before_anybody_stands_in_it() {
        let mut rota = rota(2);
        let (greedy, other) = (person(1, Class::Casework), person(2, Class::Casework));
        let patience = Some(Duration::from_secs(2));
        // A turn takes a second, so that two seconds of two threads are four turns.
        enter(&mut rota, &greedy, "first");
        let first = rota.take().unwrap();
        rota.finish(&first.turn, Duration::from_secs(1));
        for _ in 0..5 {
            rota.enter(&greedy, patience, "greedy").unwrap();
        }
        let refused = rota.enter(&greedy, patience, "greedy").unwrap_err();
        assert_eq!(refused, Overload { retry_after: 3 });
        // Whoever has asked for nothing yet is next but one.
        rota.enter(&other, patience, "other").unwrap();
        assert_eq!(rota.waiting(), 6);
        // Recovered as soon as nobody waits, although the mean is what it was.
        all(&mut rota);
        rota.enter(&greedy, Some(Duration::ZERO), "again").unwrap();
    }

    #[test]
    fn when_all_lines_are_full_the_longest_gives_way() {
        let mut rota = rota(2);
        let (greedy, other) = (person(1, Class::Casework), person(2, Class::Casework));
        for _ in 0..MOST_WAITING {
            enter(&mut rota, &greedy, "greedy");
        }
        assert!(rota.enter(&greedy, None, "one more").is_err());
        let (_, gone) = rota.enter(&other, None, "other").unwrap();
        assert_eq!(gone, Some("greedy"));
        assert_eq!(rota.waiting(), MOST_WAITING);
    }

    #[test]
    fn whoever_leaves_is_not_waited_for() {
        let mut rota = rota(2);
        let turn = person(1, Class::Casework);
        let (first, _) = rota.enter(&turn, None, "first").unwrap();
        let (second, _) = rota.enter(&turn, None, "second").unwrap();
        assert!(rota.leave(&turn, first));
        assert!(!rota.leave(&turn, first));
        assert_eq!(all(&mut rota), ["second"]);
        assert!(!rota.leave(&turn, second));
        assert_eq!(rota.waiting(), 0);
        assert!(rota.take().is_none());
    }

    #[test]
    fn the_service_itself_is_never_told_to_come_back() {
        let ordinary = Duration::from_secs(2);
        assert_eq!(Turn::of_house(Class::Slow).patience(ordinary), None);
        assert_eq!(
            person(1, Class::Casework).patience(ordinary),
            Some(ordinary)
        );
        assert!(person(1, Class::Slow).patience(ordinary).unwrap() > ordinary);
    }

    #[test]
    fn threads_end_when_nobody_can_give_any_more_and_nothing_is_left() {
        let (giver, taker) = queue(Bounds::of_threads(2));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let taker = taker.clone();
                std::thread::spawn(move || {
                    let mut done = 0;
                    while let Some(taken) = taker.take() {
                        taker.finish(&taken.turn, Duration::ZERO);
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        for number in 0..100 {
            let class = if number % 2 == 0 {
                Class::Slow
            } else {
                Class::Casework
            };
            giver
                .give(&person(number % 7, class), None, number)
                .unwrap();
        }
        drop(giver);
        let done: i32 = threads.into_iter().map(|t| t.join().unwrap()).sum();
        assert_eq!(done, 100);
    }
}
