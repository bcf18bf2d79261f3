//! The step cards, one row each: its words, what it asks, which EPCIS event it becomes, and for
//! whom it is likely next. A new card is a new row; pages, rules and sentences read the table.
//!
//! CBV has words for trade and none for the field: steps of growing and keeping are URIs in our own
//! namespace, the others CBV's.

use crate::shared::L;

/// Which event a card becomes, and what it does to the amount of the lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Object ADD without an amount: the lot begins.
    Begin,
    /// Object ADD: so much more of the lot.
    Gain,
    /// Object OBSERVE without an amount.
    Care,
    /// Object OBSERVE of an amount that stays.
    Keep,
    /// Object OBSERVE of an amount that leaves.
    Leave,
    /// Object DELETE of an amount.
    End,
    /// Transformation: inputs become outputs.
    Turn,
    /// Object OBSERVE of an amount that arrives.
    Arrive,
}

/// What a card asks besides time, place, photos and a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Kilograms.
    Mass,
    /// Heads.
    Count,
    /// As the lot is counted: kilograms or heads.
    Amount,
    /// As `Amount`, may be left empty.
    SomeAmount,
    /// What was used, and how much of it.
    Substance,
    Dose,
    /// Days to wait before harvest or slaughter.
    Wait,
    /// To whom it goes.
    To,
    /// From whom it came, as text.
    From,
    /// Live weight before slaughter.
    LiveWeight,
    /// What went in and what came out.
    Turn,
    /// Conformant or not, and who tested.
    Result,
}

/// One card.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// Stable in stored data (`nguon:card`).
    pub code: &'static str,
    pub icon: &'static str,
    pub vi: &'static str,
    pub en: &'static str,
    /// As within a sentence: “đã …”.
    pub verb_vi: &'static str,
    pub verb_en: &'static str,
    pub shape: Shape,
    pub step: &'static str,
    pub disposition: &'static str,
    pub asks: &'static [Ask],
    /// Kinds of lot for which the card is of use.
    pub lots: &'static [LotKind],
    /// Kinds of organisation that use it; empty: all.
    pub kinds: &'static [&'static str],
    /// Likely after these cards; `""` is the beginning of a lot.
    pub after: &'static [&'static str],
}

/// What a lot is, as far as the cards are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LotKind {
    Crop,
    Animal,
    /// Made, packed or traded.
    Goods,
}

use LotKind::{Animal, Crop, Goods};

const GROWERS: &[&str] = &["household", "cooperative", "enterprise"];
const MAKERS: &[&str] = &["cooperative", "enterprise", "processor", "household", "slaughterhouse"];
const SELLERS: &[&str] = &["shop", "market", "household", "cooperative", "enterprise"];

macro_rules! own {
    ($word:literal) => {
        concat!("https://nguon.example/ns#", $word)
    };
}

/// The cards in the order of the year.
#[rustfmt::skip] // A row a card: a table is read across.
pub const CARDS: [Card; 17] = [
    Card { code: "sow", icon: "sow", vi: "Gieo trồng", en: "Sow or plant", verb_vi: "gieo trồng", verb_en: "sowed or planted", shape: Shape::Begin, step: own!("sowing"), disposition: "in_progress", asks: &[], lots: &[Crop], kinds: GROWERS, after: &[""] },
    Card { code: "receive-animals", icon: "receive-animals", vi: "Nhập đàn", en: "Receive animals", verb_vi: "nhập đàn", verb_en: "received animals", shape: Shape::Gain, step: own!("receiving-animals"), disposition: "active", asks: &[Ask::Count, Ask::From], lots: &[Animal], kinds: &[], after: &[""] },
    Card { code: "fertilise", icon: "fertilise", vi: "Bón phân", en: "Fertilise", verb_vi: "bón phân", verb_en: "fertilised", shape: Shape::Care, step: own!("fertilising"), disposition: "in_progress", asks: &[Ask::Substance, Ask::Dose], lots: &[Crop], kinds: GROWERS, after: &["sow", "fertilise", "water", "spray"] },
    Card { code: "spray", icon: "spray", vi: "Phun thuốc", en: "Spray", verb_vi: "phun thuốc", verb_en: "sprayed", shape: Shape::Care, step: own!("spraying"), disposition: "in_progress", asks: &[Ask::Substance, Ask::Dose, Ask::Wait], lots: &[Crop], kinds: GROWERS, after: &["sow", "fertilise", "water"] },
    Card { code: "water", icon: "water", vi: "Tưới nước", en: "Water", verb_vi: "tưới nước", verb_en: "watered", shape: Shape::Care, step: own!("watering"), disposition: "in_progress", asks: &[], lots: &[Crop], kinds: GROWERS, after: &["sow", "fertilise"] },
    Card { code: "feed", icon: "feed", vi: "Cho ăn", en: "Feed", verb_vi: "cho ăn", verb_en: "fed the animals", shape: Shape::Care, step: own!("feeding"), disposition: "in_progress", asks: &[Ask::Substance, Ask::Dose], lots: &[Animal], kinds: &[], after: &["receive-animals", "feed", "treat"] },
    Card { code: "treat", icon: "treat", vi: "Tiêm, chữa bệnh", en: "Treat", verb_vi: "tiêm, chữa bệnh", verb_en: "treated the animals", shape: Shape::Care, step: own!("treating"), disposition: "in_progress", asks: &[Ask::Substance, Ask::Dose, Ask::Wait], lots: &[Animal], kinds: &[], after: &["receive-animals", "feed"] },
    Card { code: "harvest", icon: "harvest", vi: "Thu hoạch", en: "Harvest", verb_vi: "thu hoạch", verb_en: "harvested", shape: Shape::Gain, step: "creating_class_instance", disposition: "active", asks: &[Ask::Mass], lots: &[Crop], kinds: &["household", "cooperative", "enterprise", "processor"], after: &["", "sow", "fertilise", "spray", "water", "harvest"] },
    Card { code: "slaughter", icon: "slaughter", vi: "Giết mổ", en: "Slaughter", verb_vi: "giết mổ", verb_en: "slaughtered", shape: Shape::Turn, step: own!("slaughtering"), disposition: "active", asks: &[Ask::Turn, Ask::LiveWeight], lots: &[Animal, Goods], kinds: &["slaughterhouse", "household", "enterprise", "cooperative"], after: &["receive"] },
    Card { code: "process", icon: "process", vi: "Chế biến", en: "Process", verb_vi: "chế biến", verb_en: "processed", shape: Shape::Turn, step: "creating_class_instance", disposition: "active", asks: &[Ask::Turn], lots: &[Crop, Animal, Goods], kinds: MAKERS, after: &["harvest", "receive", "store"] },
    Card { code: "pack", icon: "pack", vi: "Đóng gói", en: "Pack", verb_vi: "đóng gói", verb_en: "packed", shape: Shape::Keep, step: "packing", disposition: "active", asks: &[Ask::SomeAmount], lots: &[Crop, Animal, Goods], kinds: &[], after: &["harvest", "process", "slaughter"] },
    Card { code: "test", icon: "certificate", vi: "Kiểm nghiệm", en: "Test", verb_vi: "kiểm nghiệm", verb_en: "had it tested", shape: Shape::Care, step: "inspecting", disposition: "", asks: &[Ask::Result], lots: &[Crop, Animal, Goods], kinds: &[], after: &[] },
    Card { code: "store", icon: "store", vi: "Lưu kho", en: "Store", verb_vi: "lưu kho", verb_en: "stored", shape: Shape::Keep, step: "storing", disposition: "in_progress", asks: &[Ask::SomeAmount], lots: &[Crop, Animal, Goods], kinds: &[], after: &["receive"] },
    Card { code: "ship", icon: "ship", vi: "Giao đi", en: "Ship", verb_vi: "giao hàng", verb_en: "shipped", shape: Shape::Leave, step: "shipping", disposition: "in_transit", asks: &[Ask::Amount, Ask::To], lots: &[Crop, Animal, Goods], kinds: &[], after: &["harvest", "process", "pack", "slaughter", "feed", "store", "ship"] },
    Card { code: "receive", icon: "receive", vi: "Nhận hàng", en: "Receive", verb_vi: "nhận hàng", verb_en: "received", shape: Shape::Arrive, step: "receiving", disposition: "in_progress", asks: &[Ask::Amount], lots: &[], kinds: &[], after: &[] },
    Card { code: "sell", icon: "sell", vi: "Bán", en: "Sell", verb_vi: "bán", verb_en: "sold", shape: Shape::Leave, step: "retail_selling", disposition: "retail_sold", asks: &[Ask::Amount], lots: &[Crop, Animal, Goods], kinds: SELLERS, after: &["receive", "pack", "sell", "store"] },
    Card { code: "destroy", icon: "destroy", vi: "Tiêu hủy", en: "Destroy", verb_vi: "tiêu hủy", verb_en: "destroyed", shape: Shape::End, step: "destroying", disposition: "destroyed", asks: &[Ask::Amount], lots: &[Crop, Animal, Goods], kinds: &[], after: &[] },
];

impl Card {
    pub fn name(&self, l: &L) -> &'static str {
        match l.0 {
            gs1::Lang::Vi => self.vi,
            gs1::Lang::En => self.en,
        }
    }

    pub fn asks(&self, ask: Ask) -> bool {
        self.asks.contains(&ask)
    }

    /// Whether it is of use for a lot of this kind in an organisation of this kind.
    fn fits(&self, lot: LotKind, organisation: &str) -> bool {
        self.lots.contains(&lot) && (self.kinds.is_empty() || self.kinds.contains(&organisation))
    }
}

/// The card of a code.
pub fn card(code: &str) -> Option<&'static Card> {
    CARDS.iter().find(|card| card.code == code)
}

/// What a lot of a product group is while an organisation of a kind has it: who slaughters, makes
/// or trades has goods, whatever they were on the farm.
pub fn lot_kind(group: &str, organisation: &str) -> LotKind {
    if ["processor", "market", "shop", "slaughterhouse"].contains(&organisation) {
        return Goods;
    }
    match group {
        "thit-lon" | "thit-gia-cam" | "thit-khac" | "thuy-san" => Animal,
        "che-bien" | "khac" => Goods,
        _ => Crop,
    }
}

/// The cards to show: likely next ones, then those of use, then the rest.
pub struct Offer {
    pub likely: Vec<&'static Card>,
    pub fitting: Vec<&'static Card>,
    pub others: Vec<&'static Card>,
}

/// Sorts the cards for a lot; `last` is the code of its last card, empty at its beginning.
pub fn offer(lot: LotKind, organisation: &str, last: &str, held: bool) -> Offer {
    let mut offer = Offer { likely: Vec::new(), fitting: Vec::new(), others: Vec::new() };
    for card in &CARDS {
        // Receiving has its own page; what somebody else made is neither sown nor harvested here.
        let made_elsewhere = held && matches!(card.shape, Shape::Begin | Shape::Gain);
        if card.shape == Shape::Arrive || made_elsewhere {
            continue;
        }
        let fits = card.fits(lot, organisation) || (held && card.fits(Goods, organisation));
        if fits && card.after.contains(&last) && offer.likely.len() < 4 {
            offer.likely.push(card);
        } else if fits {
            offer.fitting.push(card);
        } else {
            offer.others.push(card);
        }
    }
    offer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::extension::NAMESPACE;

    #[test]
    fn every_card_has_a_code_of_its_own_and_a_step_that_a_reader_can_know() {
        for (at, card) in CARDS.iter().enumerate() {
            assert!(CARDS[..at].iter().all(|other| other.code != card.code), "{}", card.code);
            let known = epcis::vocab::find(card.step).is_some() || card.step.starts_with(NAMESPACE);
            assert!(known, "{} has the step {}", card.code, card.step);
            let disposition = card.disposition.is_empty()
                || epcis::vocab::DISPOSITIONS.contains(&card.disposition);
            assert!(disposition, "{} has the disposition {}", card.code, card.disposition);
            for before in card.after.iter().filter(|before| !before.is_empty()) {
                assert!(super::card(before).is_some(), "{} comes after {before}", card.code);
            }
        }
    }

    #[test]
    fn the_likely_steps_of_a_field_begin_with_sowing_and_never_offer_slaughter() {
        let codes = |cards: &[&Card]| cards.iter().map(|card| card.code).collect::<Vec<_>>();
        let first = offer(LotKind::Crop, "cooperative", "", false);
        assert_eq!(codes(&first.likely), ["sow", "harvest"]);
        assert!(!codes(&first.fitting).contains(&"slaughter"));
        let stall = offer(LotKind::Goods, "shop", "receive", true);
        assert!(codes(&stall.likely).contains(&"sell"), "{:?}", codes(&stall.likely));
    }
}
