//! What is in a heap, and how much of it is suspect, in bounds that hold however the heap was mixed. Goods are pieces that
//! stay what they are: of 100 kg with 30 bad, 80 taken out hold between 10 and 30 bad ones.

use crate::amount::{Amount, Unit};

/// Between so much and so much, in millionths of a unit; no upper end where nothing bounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Bounds {
    pub(crate) low: i64,
    pub(crate) high: Option<i64>,
}

impl Bounds {
    pub(crate) const NONE: Self = Self { low: 0, high: Some(0) };
    pub(crate) const ANY: Self = Self { low: 0, high: None };

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            low: self.low.saturating_add(other.low),
            high: self.high.zip(other.high).map(|(a, b)| a.saturating_add(b)),
        }
    }
}

/// Some goods on their way from one heap to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(crate) amount: Option<Amount>,
    pub(crate) bad: Bounds,
    /// All of it is suspect, however much it is.
    pub(crate) pure: bool,
}

impl Portion {
    /// Goods that have nothing to do with it.
    pub(crate) fn good(amount: Option<Amount>) -> Self {
        Self { amount, bad: Bounds::NONE, pure: false }
    }

    pub(crate) fn suspect(amount: Option<Amount>) -> Self {
        let micro = amount.map(|amount| amount.micro);
        Self { amount, bad: Bounds { low: micro.unwrap_or(0), high: micro }, pure: true }
    }

    /// Of which nothing is known but that it may be touched.
    pub(crate) fn doubtful(amount: Option<Amount>) -> Self {
        let high = amount.map(|amount| amount.micro);
        Self { amount, bad: Bounds { low: 0, high }, pure: false }
    }
}

/// A heap of goods of one unit, in the order in which goods come and go.
#[derive(Clone, Debug)]
pub(crate) struct Heap {
    unit: Option<Unit>,
    /// What is there; unknown once something came or went of which nobody says how much.
    total: Option<i64>,
    bad: Bounds,
    /// Something came that is not wholly suspect.
    mixed: bool,
    /// Something leaves when nobody sees it, or comes so.
    leaks: bool,
    /// All that ever came.
    pub(crate) came: Portion,
    /// All that ever left for good: sold to consumers, destroyed.
    pub(crate) gone: Bounds,
}

impl Heap {
    pub(crate) fn new(leaks: bool) -> Self {
        Self {
            unit: None,
            total: (!leaks).then_some(0),
            bad: Bounds::NONE,
            mixed: false,
            leaks,
            came: Portion { amount: None, bad: Bounds::NONE, pure: true },
            gone: Bounds::NONE,
        }
    }

    pub(crate) fn put(&mut self, portion: Portion) {
        let first =
            self.unit.is_none() && self.came.pure && self.came.bad == Bounds::NONE && !self.mixed;
        self.mixed |= !portion.pure;
        self.came.pure &= portion.pure;
        self.came.bad = self.came.bad.plus(portion.bad);
        self.bad = self.bad.plus(portion.bad);
        let unit = portion.amount.map(|amount| amount.unit);
        if first {
            self.unit = unit;
            self.came.amount = portion.amount;
        } else {
            let sum = self.came.amount.zip(portion.amount).filter(|(a, b)| a.unit == b.unit);
            self.came.amount =
                sum.map(|(a, b)| Amount { micro: a.micro.saturating_add(b.micro), unit: a.unit });
        }
        let fits = unit.is_some() && unit == self.unit;
        self.total = self
            .total
            .zip(portion.amount)
            .filter(|_| fits)
            .map(|(total, amount)| total.saturating_add(amount.micro));
        if unit.is_some() && !fits {
            // Kilograms and pieces in one heap: what is bad of them cannot be counted together.
            (self.bad, self.came.bad) = (Bounds::ANY, Bounds::ANY);
        }
    }

    /// Takes some out; how much of that is suspect?
    pub(crate) fn take(&mut self, amount: Option<Amount>) -> Portion {
        if self.is_pure() {
            self.total =
                self.total.zip(amount).map(|(total, amount)| (total - amount.micro).max(0));
            let left = amount.map_or(0, |amount| amount.micro);
            self.bad.low = (self.bad.low - left).max(0);
            self.bad.high =
                self.bad.high.filter(|_| amount.is_some()).map(|high| (high - left).max(0));
            return Portion::suspect(amount);
        }
        let measured = amount.filter(|amount| Some(amount.unit) == self.unit);
        let Some(amount) = measured else {
            self.total = None;
            self.bad.low = 0;
            let high = if amount.is_some() { None } else { self.bad.high };
            let most = amount.map(|amount| amount.micro);
            return Portion { amount, bad: Bounds { low: 0, high: high.or(most) }, pure: false };
        };
        let taken = amount.micro;
        let bad = match self.total {
            Some(total) if taken <= total => Bounds {
                low: (taken - (total - self.bad.low)).max(0),
                high: Some(self.bad.high.map_or(taken, |high| high.min(taken))),
            },
            // More is taken than there was: something came that nobody wrote down.
            Some(_) => {
                self.bad.high = None;
                Bounds { low: 0, high: Some(taken) }
            }
            None => {
                Bounds { low: 0, high: Some(self.bad.high.map_or(taken, |high| high.min(taken))) }
            }
        };
        self.total = self.total.filter(|total| taken <= *total).map(|total| total - taken);
        self.bad.low = (self.bad.low - bad.high.unwrap_or(taken)).max(0);
        if self.total.is_none() {
            self.bad.low = 0;
        }
        self.bad.high = self.bad.high.map(|high| (high - bad.low).max(0));
        if let (Some(total), Some(high)) = (self.total, self.bad.high) {
            self.bad.high = Some(high.min(total));
        }
        Portion { amount: Some(amount), bad, pure: false }
    }

    /// Everything that ever came was suspect.
    pub(crate) fn is_pure(&self) -> bool {
        !self.mixed && self.came.pure && (self.came.bad.low > 0 || self.came.bad.high.is_none())
    }

    /// What is suspect of what is still there.
    pub(crate) fn left(&self) -> Bounds {
        let leaks = self.leaks || self.total.is_none();
        Bounds { low: if leaks { 0 } else { self.bad.low }, high: self.bad.high }
    }

    /// What is still there.
    pub(crate) fn total(&self) -> Option<Amount> {
        self.total.zip(self.unit).map(|(micro, unit)| Amount { micro, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kg(micro: i64) -> Amount {
        Amount { micro, unit: Unit::Kilogram }
    }

    fn bounds(low: i64, high: i64) -> Bounds {
        Bounds { low, high: Some(high) }
    }

    #[test]
    fn what_is_taken_from_a_mixed_heap_is_bounded_by_what_is_in_it() {
        let mut heap = Heap::new(false);
        heap.put(Portion::suspect(Some(kg(30))));
        heap.put(Portion::good(Some(kg(70))));
        assert_eq!(heap.take(Some(kg(80))).bad, bounds(10, 30));
        assert_eq!(heap.left(), bounds(0, 20));
        assert_eq!(heap.take(Some(kg(20))).bad, bounds(0, 20));
        assert_eq!(heap.left(), bounds(0, 0));
        heap.put(Portion::good(Some(kg(5))));
        assert_eq!(heap.take(Some(kg(5))).bad, Bounds::NONE);
    }

    #[test]
    fn a_heap_of_suspect_goods_alone_gives_suspect_goods_however_much() {
        let mut heap = Heap::new(true);
        heap.put(Portion::suspect(None));
        assert!(heap.take(None).pure);
        heap.put(Portion::good(Some(kg(1))));
        assert!(!heap.take(None).pure);
        assert_eq!(heap.take(None).bad, Bounds::ANY);
    }

    #[test]
    fn what_was_never_written_down_bounds_nothing() {
        let mut heap = Heap::new(false);
        heap.put(Portion::suspect(Some(kg(10))));
        heap.put(Portion::good(Some(kg(10))));
        assert_eq!(heap.take(Some(kg(30))).bad, bounds(0, 30));
        assert_eq!(heap.left().high, None);
    }
}
