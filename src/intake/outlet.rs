//! How accounts leave: one by one, or in portions that several threads fill.

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

use super::block::{BLOCK, Batch, Block, Outcome};
use crate::account::Account;
use crate::workers::{self, Then, Threads};

/// Accounts of a stretch of the input, taken in by one thread.
pub trait Portion: Send {
    /// Takes the next account.
    fn add(&mut self, account: &Account);
}

/// What becomes of the accounts of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// They are handed on as they are in the portion.
    HandOn,
    /// They were handed on by [`Outlet::add`], and the portion is dropped.
    HandedOn,
    /// They are dropped, and no more blocks are begun.
    Drop,
}

/// The end of intake.
pub(super) trait Outlet {
    /// Hands an account on.
    fn add(&self, account: &Account);

    /// Whether no more accounts are wanted.
    fn is_closed(&self) -> bool;

    /// Of how many bytes, about, the blocks are that can be read apart from each other, if they can.
    fn block_size(&self) -> Option<usize>;

    /// Reads blocks by `work` until `next` has no more; `judge` says in input order what becomes of each.
    fn blocks(
        &self,
        next: &mut (dyn FnMut() -> Option<Block> + Send),
        work: &(dyn Fn(&mut Block, &mut dyn Portion) -> Outcome + Sync),
        judge: &mut dyn FnMut(Block, Outcome) -> Verdict,
    );
}

/// Reads the blocks that `next` cuts, which uses the memory that it is given: `work` on any thread, `take` on this one, in input order.
/// Gives back the blocks that are not read: from the first on that is unfit to be read apart from the others.
pub(super) fn read_blocks<E>(
    outlet: &dyn Outlet,
    next: &mut (dyn FnMut(Vec<u8>) -> Option<Block> + Send),
    work: &(dyn Fn(&mut Block, &mut dyn Portion) -> Outcome + Sync),
    mut take: impl FnMut(Batch, &mut Block) -> Result<Verdict, E>,
) -> Result<Vec<Block>, E> {
    let spare: Mutex<Vec<Vec<u8>>> = Mutex::default();
    let spares = || spare.lock().unwrap_or_else(PoisonError::into_inner);
    let mut left = Vec::new();
    let mut failed = None;
    outlet.blocks(&mut || next(spares().pop().unwrap_or_default()), work, &mut |mut block, outcome| {
        let batch = match outcome {
            Outcome::Read(batch) if left.is_empty() && failed.is_none() => batch,
            Outcome::Read(_) | Outcome::Unfit => {
                left.push(block);
                return Verdict::Drop;
            }
        };
        let verdict = take(*batch, &mut block).unwrap_or_else(|error| {
            failed = Some(error);
            Verdict::Drop
        });
        spares().push(block.bytes);
        verdict
    });
    failed.map_or(Ok(left), Err)
}

/// Hands accounts on one by one.
pub(super) struct OneByOne<'e> {
    each: RefCell<&'e mut dyn FnMut(&Account)>,
}

impl<'e> OneByOne<'e> {
    pub fn new(each: &'e mut dyn FnMut(&Account)) -> Self {
        Self { each: RefCell::new(each) }
    }
}

impl Outlet for OneByOne<'_> {
    fn add(&self, account: &Account) {
        (self.each.borrow_mut())(account);
    }

    fn is_closed(&self) -> bool {
        false
    }

    fn block_size(&self) -> Option<usize> {
        None
    }

    fn blocks(
        &self,
        _: &mut (dyn FnMut() -> Option<Block> + Send),
        _: &(dyn Fn(&mut Block, &mut dyn Portion) -> Outcome + Sync),
        _: &mut dyn FnMut(Block, Outcome) -> Verdict,
    ) {
    }
}

/// So many accounts that are read one after the other make a portion.
const SINGLE: usize = 256;

/// Hands accounts on in portions.
pub(super) struct InPortions<'e, P> {
    threads: Threads,
    block: usize,
    begin: &'e (dyn Fn() -> P + Sync),
    state: RefCell<State<'e, P>>,
}

struct State<'e, P> {
    take: &'e mut dyn FnMut(P) -> Then,
    /// Whether it wants more.
    then: Then,
    /// The portion of accounts that are read one by one, and how many it has.
    open: Option<P>,
    accounts: usize,
}

impl<'e, P: Portion> InPortions<'e, P> {
    pub fn new(threads: Threads, begin: &'e (dyn Fn() -> P + Sync), take: &'e mut dyn FnMut(P) -> Then) -> Self {
        let state = State { take, then: Then::GoOn, open: None, accounts: 0 };
        Self { threads, block: BLOCK, begin, state: RefCell::new(state) }
    }

    /// The same with blocks of about so many bytes.
    #[cfg(test)]
    pub fn in_blocks_of(self, block: usize) -> Self {
        Self { block, ..self }
    }

    /// Hands on what is left.
    pub fn end(self) {
        self.state.into_inner().close();
    }
}

impl<P> State<'_, P> {
    /// Hands on the accounts that are read one by one.
    fn close(&mut self) {
        if let Some(portion) = self.open.take() {
            self.hand_on(portion);
        }
        self.accounts = 0;
    }

    /// Hands a portion on, unless no more are wanted.
    fn hand_on(&mut self, portion: P) {
        if self.then == Then::GoOn {
            self.then = (self.take)(portion);
        }
    }
}

impl<P: Portion> Outlet for InPortions<'_, P> {
    fn add(&self, account: &Account) {
        let mut state = self.state.borrow_mut();
        state.open.get_or_insert_with(self.begin).add(account);
        state.accounts += 1;
        if state.accounts == SINGLE {
            state.close();
        }
    }

    fn is_closed(&self) -> bool {
        self.state.borrow().then == Then::Stop
    }

    fn block_size(&self) -> Option<usize> {
        self.threads.are_many().then_some(self.block)
    }

    fn blocks(
        &self,
        next: &mut (dyn FnMut() -> Option<Block> + Send),
        work: &(dyn Fn(&mut Block, &mut dyn Portion) -> Outcome + Sync),
        judge: &mut dyn FnMut(Block, Outcome) -> Verdict,
    ) {
        let begin = self.begin;
        workers::in_order(
            self.threads,
            next,
            || (),
            |(), mut block| {
                let mut portion = begin();
                let outcome = work(&mut block, &mut portion);
                (block, outcome, portion)
            },
            |(block, outcome, portion)| match judge(block, outcome) {
                Verdict::HandOn => {
                    let mut state = self.state.borrow_mut();
                    state.close();
                    state.hand_on(portion);
                    state.then
                }
                Verdict::HandedOn => Then::GoOn,
                Verdict::Drop => Then::Stop,
            },
        );
    }
}
