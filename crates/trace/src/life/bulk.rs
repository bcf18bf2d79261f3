//! The way of a lot: some of it here, some there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{ALWAYS, End, Life, Lives, Moment, Pen, Spot, Way, known};
use crate::amount::Amount;
use crate::graph::{Micros, NOWHERE, Part};
use crate::names::Name;

pub(super) fn draw(lives: &Lives<'_>, moments: &[Moment], depth: u8) -> Life {
    let mut spread = Spread {
        pen: Pen::new(lives, true),
        ways: Ways::of(lives, moments),
        sessions: HashMap::new(),
        arrived: BTreeMap::new(),
        known: BTreeMap::new(),
        acts: BTreeMap::new(),
        unexplained: false,
    };
    for moment in moments.iter().filter(|moment| moment.through.is_none()) {
        let place = spread.pen.place(moment);
        spread.known.entry(place).or_insert((*moment, moment.time)).1 = moment.time;
        if moment.fact.part != Part::Out {
            spread.acts.entry(place).or_default().push(moment.time);
        }
    }
    spread.pack(moments);
    spread.carry(depth);
    for moment in moments {
        spread.live(moment);
    }
    spread.close();
    spread.pen.life
}

struct Spread<'l, 'g> {
    pen: Pen<'l, 'g>,
    ways: Ways,
    /// The session of each packing and unpacking, by its event and container.
    sessions: HashMap<(u32, Name), u32>,
    /// Where some of it is known to have come, and when first.
    arrived: BTreeMap<Spot, (Micros, u32)>,
    /// The first that is said of each place, and when the last is.
    known: BTreeMap<Name, (Moment, Micros)>,
    /// When it did something at each place other than being taken out of a container.
    acts: BTreeMap<Name, Vec<Micros>>,
    /// Somewhere it turned up without a reason.
    unexplained: bool,
}

impl Spread<'_, '_> {
    /// Finds from which packing to which unpacking some of the lot is in each container.
    fn pack(&mut self, moments: &[Moment]) {
        /// An open session with what is left in it, where that is known.
        type Open = (u32, Option<i64>);
        let mut open: HashMap<Name, Open> = HashMap::new();
        for moment in moments {
            let part = moment.fact.part;
            let Some(holder) = moment.through.or_else(|| self.pen.lives.holder(&moment.fact))
            else {
                continue;
            };
            let micro = moment.fact.amount.map(|amount| amount.micro);
            match part {
                Part::In | Part::Within => {
                    let (session, left) = open
                        .entry(holder)
                        .or_insert_with(|| (self.pen.session(holder, moment), Some(0)));
                    if part == Part::In {
                        *left = left.zip(micro).map(|(left, micro)| left + micro);
                    } else {
                        *left = None;
                    }
                    self.sessions.insert((moment.fact.event, holder), *session);
                }
                Part::Out | Part::Emptied => {
                    let Some((session, left)) = open.get_mut(&holder) else { continue };
                    self.sessions.insert((moment.fact.event, holder), *session);
                    let stays = match (part, *left, micro) {
                        (Part::Out, Some(left), Some(micro)) => micro < left,
                        // Nobody says how much was taken of what is known to be in.
                        (Part::Out, Some(_), None) => true,
                        _ => false,
                    };
                    if stays {
                        *left = left.zip(micro).map(|(left, micro)| left - micro);
                    } else {
                        self.pen.life.sessions[*session as usize].until = moment.time;
                        open.remove(&holder);
                    }
                }
                _ => {
                    if let Some((session, _)) = open.get(&holder) {
                        self.sessions.insert((moment.fact.event, holder), *session);
                    }
                }
            }
        }
    }

    /// Where a container brought some of the lot, and the lot does something while it is there, some of it may have been
    /// taken out.
    fn carry(&mut self, depth: u8) {
        for number in 0..self.pen.life.sessions.len() {
            let session = self.pen.life.sessions[number];
            let carrier = self.pen.lives.carrier(session.holder, depth - 1);
            for &(time, place) in &carrier.stays {
                let within = time > session.from && time < session.until;
                let acts = self.acts.get(&place).map_or(&[][..], Vec::as_slice);
                let next = acts.get(acts.partition_point(|act| *act < time));
                if within && next.is_some_and(|next| *next <= session.until) {
                    let event = self.known[&place].0.fact.event;
                    let inside = self.pen.life.spot(Spot::Inside(session.holder, number as u32));
                    let spot = self.come(Spot::At(place), time, event);
                    self.pen.open(End::Spot(inside), End::Spot(spot), event, time);
                }
            }
        }
    }

    fn live(&mut self, moment: &Moment) {
        let place = self.pen.place(moment);
        if let Some(holder) = moment.through {
            return self.through(holder, place, moment);
        }
        match moment.fact.part {
            Part::Born | Part::Made => {
                let origin = match moment.fact.part {
                    Part::Made => self.pen.process(moment),
                    _ => End::Born,
                };
                let spot = self.come(Spot::At(place), moment.time, moment.fact.event);
                self.pen.said(origin, End::Spot(spot), moment);
            }
            Part::Got => self.got(place, moment),
            Part::Sent => {
                let left = self.stand(place, moment);
                let way = Spot::OnTheWay(self.ways.sent[&moment.fact.event]);
                let spot = self.come(way, moment.time, moment.fact.event);
                self.pen.said(left, End::Spot(spot), moment);
            }
            Part::In | Part::Within => {
                let left = self.stand(place, moment);
                let Some(spot) = self.inside(moment) else { return };
                self.come(self.pen.life.spots[spot as usize], moment.time, moment.fact.event);
                self.pen.said(left, End::Spot(spot), moment);
            }
            Part::Out => match self.inside(moment) {
                Some(inside) => self.taken_out(inside, place, moment),
                // Nobody said that it was put in.
                None => self.turn_up(place, moment, moment.fact.amount),
            },
            Part::Used => {
                let left = self.stand(place, moment);
                let process = self.pen.process(moment);
                self.pen.said(left, process, moment);
            }
            Part::Gone => {
                let left = self.stand(place, moment);
                self.pen.said(left, End::Gone, moment);
            }
            Part::Seen
            | Part::Holder
            | Part::Emptied
            | Part::Base
            | Part::Attached
            | Part::Detached => {
                if let End::Spot(spot) = self.stand(place, moment) {
                    self.pen.life.seen.push((spot, moment.time, moment.fact.event));
                }
            }
        }
    }

    /// What happens to a container that some of it is in.
    fn through(&mut self, holder: Name, place: Name, moment: &Moment) {
        let Some(session) = self.sessions.get(&(moment.fact.event, holder)).copied() else {
            return;
        };
        let inside = self.pen.life.spot(Spot::Inside(holder, session));
        if moment.fact.part == Part::Emptied {
            return self.taken_out(inside, place, moment);
        }
        let process = self.pen.process(moment);
        self.pen.said(End::Spot(inside), process, moment);
    }

    fn taken_out(&mut self, inside: u32, place: Name, moment: &Moment) {
        let spot = self.come(Spot::At(place), moment.time, moment.fact.event);
        let link = self.pen.said(End::Spot(inside), End::Spot(spot), moment);
        if moment.through.is_some() {
            // What the container held of it is not said by its own unpacking.
            link.amount = None;
        }
    }

    fn inside(&mut self, moment: &Moment) -> Option<u32> {
        let holder = self.pen.lives.holder(&moment.fact)?;
        let session = self.sessions.get(&(moment.fact.event, holder)).copied()?;
        Some(self.pen.life.spot(Spot::Inside(holder, session)))
    }

    fn got(&mut self, place: Name, moment: &Moment) {
        let from = self.pen.lives.graph.row(moment.fact.event).from;
        if let Some(receipt) = self.ways.got.get(&moment.fact.event).copied() {
            let left = self.pen.life.spot(Spot::OnTheWay(receipt.way));
            let spot = self.come(Spot::At(place), moment.time, moment.fact.event);
            let link = self.pen.said(End::Spot(left), End::Spot(spot), moment);
            if receipt.early {
                // Clocks go wrong: what is said to have been sent later has come all the same.
                link.leaves = ALWAYS;
            }
            if receipt.unmatched {
                self.turn_up(place, moment, None);
            }
        } else if known(from) && from != place {
            let left = self.stand(from, moment);
            let spot = self.come(Spot::At(place), moment.time, moment.fact.event);
            self.pen.implied(left, End::Spot(spot), moment, moment.fact.amount);
        } else {
            self.turn_up(place, moment, moment.fact.amount);
        }
    }

    /// Some of the lot is at a place; where nobody said that it came there, it came from where it can have been.
    fn stand(&mut self, place: Name, moment: &Moment) -> End {
        let spot = Spot::At(place);
        if !self.arrived.contains_key(&spot) {
            match self.ways.sent_to(place, moment.time) {
                Some(way) => {
                    let left = self.pen.life.spot(Spot::OnTheWay(way));
                    let number = self.come(spot, moment.time, moment.fact.event);
                    self.pen.implied(End::Spot(left), End::Spot(number), moment, None);
                }
                None => self.turn_up(place, moment, None),
            }
        } else if !known(place) && self.arrived.len() > 1 {
            // Some of it left, nobody says where: from anywhere.
            self.turn_up(place, moment, None);
        }
        End::Spot(self.pen.life.spot(spot))
    }

    /// It is at a place, and if it was anywhere before, it came from there.
    fn turn_up(&mut self, place: Name, moment: &Moment, amount: Option<Amount>) {
        let here = Spot::At(place);
        let before =
            |(spot, (time, _)): (&Spot, &(Micros, u32))| *spot != here && *time <= moment.time;
        let elsewhere = self.arrived.iter().any(before);
        let spot = self.come(here, moment.time, moment.fact.event);
        if elsewhere {
            self.unexplained = true;
            let left = self.pen.life.spot(Spot::Anywhere);
            self.pen.implied(End::Spot(left), End::Spot(spot), moment, amount);
        }
    }

    /// Notes that some of it is at a spot.
    fn come(&mut self, spot: Spot, time: Micros, event: u32) -> u32 {
        let first = self.arrived.entry(spot).or_insert((time, event));
        if time < first.0 {
            *first = (time, event);
        }
        self.pen.life.spot(spot)
    }

    /// What turned up unexplained came from wherever some of it had been. What was at an unknown place may have been at any;
    /// and what was sent and not received may have come where the lot is later.
    fn close(&mut self) {
        let arrived = std::mem::take(&mut self.arrived);
        let unreceived: Vec<Way> = self.ways.unreceived().collect();
        let mut strays = Vec::new();
        if arrived.contains_key(&Spot::At(NOWHERE)) {
            strays.push(Spot::At(NOWHERE));
        }
        for way in unreceived {
            match way {
                Way::To(place) => self.addressed(place, arrived.get(&Spot::OnTheWay(way))),
                _ => strays.push(Spot::OnTheWay(way)),
            }
        }
        if !strays.is_empty() {
            // One spot between all strays and all places, so that links are as many as both together.
            let astray = End::Spot(self.pen.life.spot(Spot::Astray));
            for stray in strays {
                let Some((since, event)) = arrived.get(&stray).copied() else { continue };
                let left = End::Spot(self.pen.life.spot(stray));
                self.pen.open(left, astray, event, since);
            }
            for (place, (first, _)) in self.known.range(..NOWHERE) {
                let spot = End::Spot(self.pen.life.spot(Spot::At(*place)));
                self.pen.open(astray, spot, first.fact.event, first.time);
            }
        }
        if self.unexplained {
            let anywhere = End::Spot(self.pen.life.spot(Spot::Anywhere));
            for (spot, (time, event)) in &arrived {
                let left = End::Spot(self.pen.life.spot(*spot));
                self.pen.open(left, anywhere, *event, *time);
            }
        }
    }

    /// What was sent to a place where the lot is known, and never received, may have come: whether it is seen there later or not.
    fn addressed(&mut self, place: Name, sent: Option<&(Micros, u32)>) {
        let (Some((since, _)), Some((first, _))) = (sent, self.known.get(&place)) else { return };
        let left = End::Spot(self.pen.life.spot(Spot::OnTheWay(Way::To(place))));
        let spot = End::Spot(self.pen.life.spot(Spot::At(place)));
        self.pen.open(left, spot, first.fact.event, first.time.max(*since));
    }
}

/// Which shipments and receipts of a lot belong together.
struct Ways {
    sent: HashMap<u32, Way>,
    got: HashMap<u32, Receipt>,
    /// When shipments left, by way, in order.
    left: BTreeMap<Way, Vec<Micros>>,
    /// How many receipts there are, by way.
    came: BTreeMap<Way, usize>,
}

/// On which way something came.
#[derive(Clone, Copy)]
struct Receipt {
    way: Way,
    /// Before anything was sent on it.
    early: bool,
    /// More has come than was sent, and no document says that it is the same: it may have come from elsewhere.
    unmatched: bool,
}

impl Ways {
    fn of(lives: &Lives<'_>, moments: &[Moment]) -> Self {
        let graph = lives.graph;
        let of = |part| {
            moments
                .iter()
                .filter(move |moment| moment.through.is_none() && moment.fact.part == part)
        };
        let documents = |part| -> BTreeSet<Name> {
            of(part).flat_map(|moment| graph.transactions(moment.fact.event)).copied().collect()
        };
        // A document that both sides name; of several the first by its text, whatever order events came in.
        let both: BTreeSet<Name> =
            documents(Part::Sent).intersection(&documents(Part::Got)).copied().collect();
        let common = |event| {
            let named = graph.transactions(event).iter().filter(|name| both.contains(name));
            named.min_by_key(|name| graph.document(**name)).map(|name| Way::Document(*name))
        };
        let row = |moment: &Moment| graph.row(moment.fact.event);
        let sources: BTreeSet<Name> = of(Part::Got)
            .filter(|moment| common(moment.fact.event).is_none())
            .map(|moment| row(moment).from)
            .filter(|from| known(*from))
            .collect();
        let mut ways = Self {
            sent: HashMap::new(),
            got: HashMap::new(),
            left: BTreeMap::new(),
            came: BTreeMap::new(),
        };
        for moment in of(Part::Sent) {
            let row = row(moment);
            let way = common(moment.fact.event).unwrap_or(if known(row.to) {
                Way::To(row.to)
            } else if sources.contains(&row.place) {
                Way::From(row.place)
            } else {
                Way::Any
            });
            ways.sent.insert(moment.fact.event, way);
            ways.left.entry(way).or_default().push(moment.time);
        }
        for moment in of(Part::Got) {
            let row = row(moment);
            let likely = [Way::To(row.place), Way::From(row.from), Way::Any];
            let way = common(moment.fact.event)
                .or_else(|| likely.into_iter().find(|way| ways.left.contains_key(way)));
            let Some(way) = way else { continue };
            let left = ways.left[&way].partition_point(|left| *left <= moment.time);
            let came = ways.came.entry(way).or_default();
            *came += 1;
            let unmatched = *came > left && !matches!(way, Way::Document(_));
            ways.got.insert(moment.fact.event, Receipt { way, early: left == 0, unmatched });
        }
        ways
    }

    /// Ways on which more was sent than came.
    fn unreceived(&self) -> impl Iterator<Item = Way> {
        let came = |way| self.came.get(way).copied().unwrap_or(0);
        self.left.iter().filter(move |(way, left)| left.len() > came(way)).map(|(way, _)| *way)
    }

    /// The way on which some was sent to a place before a time.
    fn sent_to(&self, place: Name, time: Micros) -> Option<Way> {
        let way = Way::To(place);
        self.left.get(&way).filter(|left| left[0] <= time).map(|_| way)
    }
}
