//! How much slow work is done at once beside the database, and for whom next: password hashes, rosters that are read, reports that
//! are written. Whoever has to wait stands in their own line (`db::turns`), and is told to come back when that would take too long.
//! What the work is stands elsewhere.

use crate::db::turns::{Bounds, Class, Overload, Rota, Ticket, Turn, Who};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A bound on how much is done at once.
#[derive(Debug, Clone)]
pub struct Bound {
    shared: Arc<Mutex<Shared>>,
    patience: Duration,
}

#[derive(Debug)]
struct Shared {
    rota: Rota<oneshot::Sender<Permit>>,
    free: usize,
}

/// The right to do it, until this is dropped.
#[derive(Debug)]
pub struct Permit {
    shared: Arc<Mutex<Shared>>,
    turn: Turn,
    began: Instant,
    is_used: bool,
}

impl Bound {
    /// So much at once, of each person one thing at a time; whoever has waited longer is told to come back.
    pub fn new(at_once: usize, patience: Duration) -> Self {
        let bounds = Bounds {
            at_once,
            of_one: 1,
            slow: at_once,
        };
        Self {
            shared: Arc::new(Mutex::new(Shared {
                rota: Rota::new(bounds),
                free: at_once,
            })),
            patience,
        }
    }

    /// Waits for the turn of somebody.
    ///
    /// # Errors
    /// It would not come in time, or did not.
    pub async fn permit(&self, who: Who) -> Result<Permit, Overload> {
        let turn = Turn {
            class: Class::Casework,
            who,
        };
        let (give, mut given) = oneshot::channel();
        // Whoever has to give way hears of it by the end of their channel.
        let (ticket, _) = lock(&self.shared)
            .rota
            .enter(&turn, Some(self.patience), give)?;
        let place = Place {
            shared: &self.shared,
            turn: &turn,
            ticket,
        };
        hand_out(&self.shared);
        let overload = Overload::after(self.patience);
        tokio::select! {
            biased;
            permit = &mut given => return permit.map_err(|_| overload),
            () = tokio::time::sleep(self.patience) => {
                if place.give_up() {
                    return Err(overload);
                }
            }
        }
        given.await.map_err(|_| overload)
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        lock(&self.shared).rota.waiting()
    }
}

/// Nothing in between can panic, so that what a panic elsewhere leaves is right.
fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives what is free to whose turn it is.
fn hand_out(shared: &Arc<Mutex<Shared>>) {
    loop {
        let taken = {
            let mut shared = lock(shared);
            if shared.free == 0 {
                return;
            }
            let Some(taken) = shared.rota.take() else {
                return;
            };
            shared.free -= 1;
            taken
        };
        let permit = Permit {
            shared: Arc::clone(shared),
            turn: taken.turn,
            began: Instant::now(),
            is_used: true,
        };
        // Whoever has gone meanwhile has used nothing; the next in turn comes in the next round.
        if let Err(mut unused) = taken.item.send(permit) {
            unused.is_used = false;
            let mut shared = lock(shared);
            shared.free += 1;
            shared.rota.finish(&unused.turn, Duration::ZERO);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.is_used {
            return;
        }
        {
            let mut shared = lock(&self.shared);
            shared.free += 1;
            shared.rota.finish(&self.turn, self.began.elapsed());
        }
        hand_out(&self.shared);
    }
}

/// The place in line of whoever waits; given up when they go away.
struct Place<'b> {
    shared: &'b Mutex<Shared>,
    turn: &'b Turn,
    ticket: Ticket,
}

impl Place<'_> {
    fn give_up(&self) -> bool {
        lock(self.shared).rota.leave(self.turn, self.ticket)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.give_up();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use futures_util::future::{join, join_all};
    use std::cell::{Cell, RefCell};

    const LONG: Duration = Duration::from_secs(600);

    fn wait<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    fn named(name: &str) -> Who {
        Who::Named(name.to_owned())
    }

    #[test]
    fn never_more_at_once_than_the_bound_and_everybody_comes_to_it() {
        let bound = Bound::new(2, LONG);
        let (now, most) = (Cell::new(0), Cell::new(0));
        let work = |name: usize| {
            let (bound, now, most) = (&bound, &now, &most);
            async move {
                let _permit = bound.permit(named(&format!("{}", name % 5))).await.unwrap();
                now.set(now.get() + 1);
                most.set(most.get().max(now.get()));
                tokio::task::yield_now().await;
                now.set(now.get() - 1);
            }
        };
        wait(join_all((0..50).map(work)));
        assert_eq!((most.get(), bound.waiting()), (2, 0));
    }

    #[test]
    fn people_take_turns() {
        let bound = Bound::new(1, LONG);
        let order = RefCell::new(Vec::new());
        let work = |name: &'static str| {
            let (bound, order) = (&bound, &order);
            async move {
                let _permit = bound.permit(named(name)).await.unwrap();
                order.borrow_mut().push(name);
                tokio::task::yield_now().await;
            }
        };
        let names = ["flood", "flood", "flood", "flood", "other"];
        wait(join_all(names.into_iter().map(work)));
        assert_eq!(
            *order.borrow(),
            ["flood", "flood", "other", "flood", "flood"]
        );
    }

    #[test]
    fn whoever_goes_away_is_not_waited_for_and_a_turn_that_does_not_come_is_told() {
        let bound = Bound::new(1, Duration::from_millis(1));
        wait(async {
            let held = bound.permit(named("a")).await.unwrap();
            let told = bound.permit(named("b")).await.unwrap_err();
            assert_eq!(told.retry_after, 1);
            let gone = async {
                tokio::select! {
                    biased;
                    _ = bound.permit(named("c")) => {}
                    () = std::future::ready(()) => {}
                }
            };
            gone.await;
            assert_eq!(bound.waiting(), 0);
            let free = async { drop(held) };
            let (next, ()) = join(bound.permit(named("d")), free).await;
            drop(next.unwrap());
            drop(bound.permit(named("e")).await.unwrap());
        });
    }
}
