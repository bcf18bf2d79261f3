//! An invented province (minh hoạ) that grows, mills, packs, ships, blends and sells rice, season after season: as many
//! events as are asked for, always the same. Farms grow in number with the log; a mill mixes few farms, a blender many.

use crate::random::Random;
use epcis::{Action, BizTransaction, Event, EventTime, Party, Place, Quantity};

pub(crate) struct Province {
    random: Random,
    second: i64,
    season: usize,
    districts: usize,
    next: u64,
    /// The seed that farms of each district sow, and the sacks that all mills fill.
    seed: Vec<String>,
    sacks: String,
    /// Lots of paddy and lots sold in shops, for questions; and lots that went far.
    paddy: Vec<String>,
    far: Vec<String>,
    sold: Vec<String>,
}

fn lot(product: usize, number: u64) -> String {
    format!("https://id.gs1.org/01/0893123400{:03}{}/10/{number}", product, check(product))
}

/// The check digit of `0893123400` and three digits (General Specifications 7.9.1).
fn check(product: usize) -> u32 {
    let digits = format!("0893123400{product:03}");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, digit)| u32::from(digit - b'0') * if index % 2 == 0 { 3 } else { 1 })
        .sum();
    (10 - sum % 10) % 10
}

fn site(kind: &str, number: usize) -> String {
    format!("urn:nguon:place:{kind}{number}")
}

impl Province {
    /// For a log of about so many events.
    pub(crate) fn new(seed: u64, events: usize) -> Self {
        Self {
            random: Random(seed | 1),
            second: 1_700_000_000,
            season: 0,
            districts: (events / 20_000).max(2),
            next: 0,
            seed: Vec::new(),
            sacks: String::new(),
            paddy: Vec::new(),
            far: Vec::new(),
            sold: Vec::new(),
        }
    }

    fn time(&mut self) -> EventTime {
        self.second += 1;
        EventTime { micros: self.second * 1_000_000, offset_minutes: 420 }
    }

    fn fresh(&mut self, product: usize) -> String {
        self.next += 1;
        lot(product, self.next)
    }

    fn place(event: &mut Event, place: &str) {
        event.read_point = Some(Place { id: place.to_owned(), extensions: Vec::new() });
    }

    fn object(
        &mut self,
        action: Action,
        step: &str,
        lot: &str,
        kilograms: i64,
        place: &str,
    ) -> Event {
        let mut event = Event::object(action, self.time());
        event.biz_step = Some(step.to_owned());
        event.quantity_list.push(Quantity::measured(lot, kilograms, "KGM"));
        Self::place(&mut event, place);
        event
    }

    /// From one place to another, with a despatch advice.
    fn send(
        &mut self,
        lot: &str,
        kilograms: i64,
        from: &str,
        to: &str,
        tell: &mut dyn FnMut(Event),
    ) {
        let advice = BizTransaction::new("desadv", &format!("urn:nguon:doc:{}", self.second));
        let mut sent = self.object(Action::Observe, "shipping", lot, kilograms, from);
        sent.biz_transaction_list.push(advice.clone());
        sent.destination_list.push(Party::new("location", to));
        tell(sent);
        let mut got = self.object(Action::Observe, "receiving", lot, kilograms, to);
        got.biz_transaction_list.push(advice);
        tell(got);
    }

    fn make(
        &mut self,
        inputs: &[(String, i64)],
        output: &str,
        kilograms: i64,
        place: &str,
    ) -> Event {
        let mut event = Event::transformation(self.time());
        event.biz_step = Some("commissioning".to_owned());
        let measured =
            |(lot, kilograms): &(String, i64)| Quantity::measured(lot, *kilograms, "KGM");
        event.input_quantity_list = inputs.iter().map(measured).collect();
        event.output_quantity_list.push(Quantity::measured(output, kilograms, "KGM"));
        Self::place(&mut event, place);
        event
    }

    /// What one district does in one season: about a hundred events.
    pub(crate) fn season(&mut self, tell: &mut dyn FnMut(Event)) {
        let district = self.season % self.districts;
        self.season += 1;
        let mill = site("mill", district);
        self.supplies(district, &mill, tell);
        let mut milled = Vec::new();
        for _ in 0..4 {
            let mut paddy = Vec::new();
            for _ in 0..2 + self.random.below(3) {
                let farm = site("farm", district * 100 + self.random.below(100));
                let lot = self.fresh(1);
                let seed = self.seed[district].clone();
                self.send(&seed, 20, &site("breeder", district), &farm, tell);
                tell(self.make(&[(seed, 20)], &lot, 1_000, &farm));
                self.send(&lot, 1_000, &farm, &mill, tell);
                self.paddy.push(lot.clone());
                paddy.push((lot, 1_000));
            }
            let rice = self.fresh(2);
            let kilograms = paddy.len() as i64 * 650;
            paddy.push((self.sacks.clone(), 2));
            tell(self.make(&paddy, &rice, kilograms, &mill));
            milled.push((rice, kilograms));
        }
        // Half of the rice goes to shops on pallets, the other half is blended with that of other mills.
        for (rice, kilograms) in milled.split_off(2) {
            self.pallets(&rice, kilograms, &mill, district, tell);
        }
        let blender = site("blender", district / 8);
        let blend = self.fresh(3);
        for (rice, kilograms) in &milled {
            self.send(rice, *kilograms, &mill, &blender, tell);
        }
        let kilograms: i64 = milled.iter().map(|(_, kilograms)| kilograms).sum();
        tell(self.make(&milled, &blend, kilograms, &blender));
        self.pallets(&blend, kilograms, &blender, district, tell);
    }

    /// New seed in every fourth season of a district, new sacks for all mills in every hundredth.
    fn supplies(&mut self, district: usize, mill: &str, tell: &mut dyn FnMut(Event)) {
        if self.season % 100 == 1 {
            self.sacks = self.fresh(5);
            tell(self.object(
                Action::Add,
                "commissioning",
                &self.sacks.clone(),
                100_000,
                &site("weaver", 0),
            ));
            self.far.push(self.sacks.clone());
        }
        self.send(&self.sacks.clone(), 10, &site("weaver", 0), mill, tell);
        if (self.season / self.districts).is_multiple_of(4) || self.seed.len() <= district {
            let seed = self.fresh(4);
            tell(self.object(
                Action::Add,
                "commissioning",
                &seed,
                5_000,
                &site("breeder", district),
            ));
            self.far.push(seed.clone());
            if district < self.seed.len() {
                self.seed[district] = seed;
            } else {
                self.seed.push(seed);
            }
        }
    }

    /// Two pallets to two warehouses, and on to shops.
    fn pallets(
        &mut self,
        lot: &str,
        kilograms: i64,
        from: &str,
        district: usize,
        tell: &mut dyn FnMut(Event),
    ) {
        for half in 0..2 {
            self.next += 1;
            let pallet = format!("urn:nguon:pallet:{}", self.next);
            let warehouse = site("warehouse", district * 2 + half);
            let load = Quantity::measured(lot, kilograms / 2, "KGM");
            for (action, place) in [(Action::Add, from), (Action::Delete, warehouse.as_str())] {
                if action == Action::Delete {
                    for (step, place) in [("shipping", from), ("receiving", warehouse.as_str())] {
                        let mut moved = Event::object(Action::Observe, self.time());
                        moved.biz_step = Some(step.to_owned());
                        moved.epc_list.push(pallet.clone());
                        Self::place(&mut moved, place);
                        tell(moved);
                    }
                }
                let mut packed = Event::aggregation(action, self.time(), &pallet);
                packed.child_quantity_list.push(load.clone());
                Self::place(&mut packed, place);
                tell(packed);
            }
            for _ in 0..2 {
                let shop = site("shop", district * 50 + self.random.below(50));
                let some = kilograms / 4;
                self.send(lot, some, &warehouse, &shop, tell);
                tell(self.object(Action::Observe, "retail_selling", lot, some, &shop));
            }
        }
        self.sold.push(lot.to_owned());
    }

    /// Lots to ask about: of paddy, for what became of them; of what was sold, for where it came from; of seed and sacks, which
    /// went far.
    pub(crate) fn some_lots(&mut self, count: usize) -> [Vec<String>; 3] {
        let mut some = |lots: &[String]| -> Vec<String> {
            (0..count).filter_map(|_| self.random.of(lots)).collect()
        };
        [some(&self.paddy), some(&self.sold), some(&self.far)]
    }
}
