//! The province while it is being made: draws, keys, dates, and the few moves all chains share (open a lot, add a step,
//! carry goods from one to another, submit, order stamps).

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, date};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::lots::{Input, Lot, Reason, Scan, Stamps, Step, Submission, Verdict};
use crate::rng::Draw;
use crate::scene::{PictureSpec, Scene};
use crate::types::{Card, Province};

/// A reason as the chains write it: field, sentence.
pub(crate) type Why = (&'static str, &'static str);

/// How far a lot's record got.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    Draft,
    Waiting,
    Returned(&'static [Why]),
    Approved,
    /// Sent back once, then approved.
    Mended(&'static [Why]),
}

/// A lot of this copy, by position in the province.
pub(crate) type LotAt = usize;

pub(crate) struct World<'a> {
    pub(crate) out: &'a mut Province,
    pub(crate) draw: Draw,
    pub(crate) copy: u32,
    /// The last year whose two rice seasons are over.
    pub(crate) year: i16,
    /// The last day on which anything happens.
    pub(crate) yesterday: Date,
    /// Where this copy's lots begin.
    pub(crate) first_lot: LotAt,
    /// Lots opened so far, by product key.
    opened: BTreeMap<String, u32>,
    /// Lot-number letters by product key.
    pub(crate) letters: BTreeMap<String, &'static str>,
}

impl<'a> World<'a> {
    pub(crate) fn new(out: &'a mut Province, copy: u32) -> Self {
        let today = out.today;
        let this_year = today.year();
        let year = if today >= date(this_year, 11, 15) { this_year } else { this_year - 1 };
        Self {
            draw: Draw::new(out.seed, u64::from(copy)),
            yesterday: today.saturating_sub(1.day()),
            first_lot: out.lots.len(),
            out,
            copy,
            year,
            opened: BTreeMap::new(),
            letters: BTreeMap::new(),
        }
    }

    /// The key of something in this copy.
    pub(crate) fn key(&self, base: &str) -> String {
        if self.copy == 0 { base.to_owned() } else { format!("{base}-{}", self.copy + 1) }
    }

    /// A name that tells the copies apart.
    pub(crate) fn numbered(&self, name: &str) -> String {
        if self.copy == 0 { name.to_owned() } else { format!("{name} số {}", self.copy + 1) }
    }

    pub(crate) fn picture(&mut self, scene: Scene) -> PictureSpec {
        PictureSpec { scene, seed: self.draw.word() }
    }

    /// A day of the crop year, moved by up to `slack` days.
    pub(crate) fn day(&mut self, month: i8, day: i8, slack: u32) -> Date {
        let moved = self.draw.between(0, slack);
        date(self.year, month, day).saturating_add(i64::from(moved).days())
    }

    /// So many days before yesterday.
    pub(crate) fn ago(&self, days: i64) -> Date {
        self.yesterday.saturating_sub(days.days())
    }

    /// That hour, at a drawn minute.
    pub(crate) fn at(&mut self, day: Date, hour: i8) -> DateTime {
        let minute = self.draw.between(0, 55) as i8;
        day.at(hour, minute, 0, 0)
    }

    /// Opens a lot of a product half an hour before its first step.
    pub(crate) fn open(&mut self, product: &str, place: Option<&str>, first: DateTime) -> LotAt {
        let product = self.key(product);
        let organisation = self
            .out
            .products
            .iter()
            .rfind(|one| one.key == product)
            .expect("the chains open lots of products of the catalogue")
            .organisation
            .clone();
        let number = self.opened.entry(product.clone()).or_default();
        *number += 1;
        let number = *number;
        let letters = self.letters[&product];
        let code = format!("{letters}-{:02}{:02}-{number:02}", first.month(), first.year() % 100);
        self.out.lots.push(Lot {
            key: format!("{product}/{number}"),
            organisation,
            product,
            place: place.map(|base| self.key(base)),
            code,
            opened_at: first.saturating_sub(30.minutes()),
            steps: Vec::new(),
            submissions: Vec::new(),
            published: false,
            stamps: None,
        });
        self.out.lots.len() - 1
    }

    /// Adds a step; where it says nothing else, done by the owner at the lot's place.
    pub(crate) fn add(&mut self, lot: LotAt, mut step: Step) {
        let lot = &mut self.out.lots[lot];
        if step.by.is_empty() {
            step.by.clone_from(&lot.organisation);
            step.place.clone_from(&lot.place);
        }
        lot.steps.push(step);
    }

    /// `kg` (and head) of a lot used as input.
    pub(crate) fn input(&self, lot: LotAt, kg: Decimal, count: Option<u32>) -> Input {
        Input { lot: self.out.lots[lot].key.clone(), kg, count }
    }

    /// The first place of an organisation.
    fn main_place(&self, organisation: &str) -> Option<String> {
        self.out
            .places
            .iter()
            .find(|place| place.organisation == organisation)
            .map(|place| place.key.clone())
    }

    /// A step that another organisation of the chain does with the lot, at its first place.
    pub(crate) fn add_by(&mut self, lot: LotAt, organisation: &str, mut step: Step) {
        step.by = self.key(organisation);
        step.place = self.main_place(&step.by);
        self.add(lot, step);
    }

    /// Ships from the owner and, three hours later, receives.
    pub(crate) fn carry(&mut self, lot: LotAt, to: &str, (day, hour): (Date, i8), load: Load) {
        self.dispatch(lot, to, (day, hour), load);
        let owner = self.out.lots[lot].organisation.clone();
        let at = self.at(day, hour + 3);
        let receipt = Step { from: Some(owner), ..load.on(Step::new(Card::Receive, at)) };
        self.add_by(lot, to, receipt);
    }

    /// Ships from the owner; nobody has confirmed the receipt.
    pub(crate) fn dispatch(&mut self, lot: LotAt, to: &str, (day, hour): (Date, i8), load: Load) {
        let at = self.at(day, hour);
        let to = Some(self.key(to));
        let shipment = Step { to, ..load.on(Step::new(Card::Ship, at)) };
        self.add(lot, shipment);
    }

    /// Sends the record to the gate an hour after the last step, and lets the gate answer.
    pub(crate) fn submit(&mut self, lot: LotAt, fate: Fate) {
        let lot = &mut self.out.lots[lot];
        // Stable, so that steps of one moment keep the order in which they were told.
        lot.steps.sort_by_key(|step| step.at);
        let Some(last) = lot.steps.last().map(|step| step.at) else { return };
        let reasons = |list: &[Why]| {
            list.iter().map(|&(field, text)| Reason { field, text }).collect::<Vec<_>>()
        };
        let after = |hours: i64| last.saturating_add(hours.hours());
        let approved = |sent: i64| Submission {
            at: after(sent),
            verdict: Verdict::Approved { at: after(sent + 2) },
        };
        lot.submissions = match fate {
            Fate::Draft => Vec::new(),
            Fate::Waiting => vec![Submission { at: after(1), verdict: Verdict::Waiting }],
            Fate::Returned(why) => vec![Submission {
                at: after(1),
                verdict: Verdict::Returned { at: after(2), reasons: reasons(why) },
            }],
            Fate::Approved => vec![approved(1)],
            Fate::Mended(why) => vec![
                Submission {
                    at: after(1),
                    verdict: Verdict::Returned { at: after(2), reasons: reasons(why) },
                },
                approved(24),
            ],
        };
        lot.published = matches!(fate, Fate::Approved | Fate::Mended(_));
    }

    /// Orders stamps for a published lot an hour after its publication; most are active, some void, and buyers scan.
    pub(crate) fn stamps(&mut self, lot: LotAt, count: u32) {
        let Some(&Submission { verdict: Verdict::Approved { at }, .. }) =
            self.out.lots[lot].submissions.last()
        else {
            return;
        };
        let ordered_at = at.saturating_add(1.hour());
        let active = count * self.draw.between(60, 90) / 100;
        let spoilt = self.draw.between(2, 8);
        let void =
            (active > 0 && active + spoilt <= count).then_some((active + 1, active + spoilt));
        let mut scans = BTreeMap::<(Date, u32), u32>::new();
        let mut day = ordered_at.date().saturating_add(1.day()).max(self.ago(44));
        while day <= self.yesterday && active > 0 {
            for _ in 0..self.draw.between(0, 3) {
                *scans.entry((day, self.draw.between(1, active))).or_default() += 1;
            }
            // Now and then someone scans a stamp that was spoilt or never stuck.
            if self.draw.between(0, 19) == 0 {
                *scans.entry((day, self.draw.between(active, count))).or_default() += 1;
            }
            day = day.saturating_add(1.day());
        }
        let scans =
            scans.into_iter().map(|((day, ordinal), times)| Scan { day, ordinal, times }).collect();
        let active = (active > 0).then_some((1, active));
        self.out.lots[lot].stamps = Some(Stamps { ordered_at, count, active, void, scans });
    }

    /// Makes one stamp look copied: scanned far too often on the last days.
    pub(crate) fn copied_stamp(&mut self, lot: LotAt, ordinal: u32) {
        let days: Vec<Date> = (0..4).rev().map(|back| self.ago(back)).collect();
        let Some(stamps) = self.out.lots[lot].stamps.as_mut() else { return };
        for (at, day) in days.into_iter().enumerate() {
            if day <= stamps.ordered_at.date() {
                continue;
            }
            stamps.scans.retain(|scan| (scan.day, scan.ordinal) != (day, ordinal));
            stamps.scans.push(Scan { day, ordinal, times: 9 + at as u32 * 7 });
        }
        stamps.scans.sort_by_key(|scan| (scan.day, scan.ordinal));
    }
}

/// What a shipment carries.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) kg: Decimal,
    pub(crate) count: Option<u32>,
}

impl Load {
    pub(crate) fn of(kg: Decimal) -> Self {
        Self { kg, count: None }
    }

    fn on(self, step: Step) -> Step {
        Step { kg: Some(self.kg), count: self.count, ..step }
    }
}

impl Step {
    pub(crate) fn new(card: Card, at: DateTime) -> Self {
        Self {
            card,
            at,
            by: String::new(),
            place: None,
            kg: None,
            count: None,
            inputs: Vec::new(),
            substance: None,
            dose: None,
            wait_days: None,
            to: None,
            from: None,
            note: None,
            entered_by: None,
            picture: None,
        }
    }

    pub(crate) fn kg(self, kg: Decimal) -> Self {
        Self { kg: Some(kg), ..self }
    }

    pub(crate) fn using(self, substance: &'static str, dose: &'static str) -> Self {
        Self { substance: Some(substance), dose: Some(dose), ..self }
    }

    pub(crate) fn wait(self, days: u32) -> Self {
        Self { wait_days: Some(days), ..self }
    }

    pub(crate) fn from(self, inputs: Vec<Input>) -> Self {
        Self { inputs, ..self }
    }

    pub(crate) fn note(self, note: &'static str) -> Self {
        Self { note: Some(note), ..self }
    }

    pub(crate) fn picture(self, picture: PictureSpec) -> Self {
        Self { picture: Some(picture), ..self }
    }

    pub(crate) fn entered_by(self, staff: &str) -> Self {
        Self { entered_by: Some(staff.to_owned()), ..self }
    }
}

/// Kilograms.
pub(crate) fn kg(whole: u32) -> Decimal {
    Decimal::from(whole)
}

/// So many thousandths of an amount, rounded down to 100 g, so that shares never add up to more than the whole.
pub(crate) fn share(amount: Decimal, permille: u32) -> Decimal {
    (amount * Decimal::new(i64::from(permille), 3))
        .round_dp_with_strategy(1, RoundingStrategy::ToZero)
}
