//! The way of a thing that is in one place at a time.

use super::{End, Life, Lives, Moment, Pen, Spot, Way, known};
use crate::graph::{NOWHERE, Part};
use crate::names::Name;

pub(super) fn draw(lives: &Lives<'_>, moments: &[Moment]) -> Life {
    let mut walker = Walker { pen: Pen::new(lives, false), here: None };
    for moment in moments {
        walker.live(moment);
    }
    walker.pen.life
}

struct Walker<'l, 'g> {
    pen: Pen<'l, 'g>,
    here: Option<Spot>,
}

impl Walker<'_, '_> {
    fn live(&mut self, moment: &Moment) {
        let row = self.pen.lives.graph.row(moment.fact.event);
        let (place, from, to) = (row.place, row.from, row.to);
        if let Some(holder) = moment.through {
            return self.through(holder, place, moment);
        }
        match moment.fact.part {
            _ if self.goes_along(moment) => self.seen(moment),
            Part::Born | Part::Made => {
                let origin = match moment.fact.part {
                    Part::Made => self.pen.process(moment),
                    _ => End::Born,
                };
                let spot = self.enter(Spot::At(place), moment);
                self.pen.said(origin, End::Spot(spot), moment);
            }
            Part::Got => self.got(place, from, moment),
            Part::Sent => {
                let left = self.arrive(place, moment);
                let way = if known(to) { Way::To(to) } else { Way::Any };
                let spot = self.enter(Spot::OnTheWay(way), moment);
                self.pen.said(left, End::Spot(spot), moment);
            }
            Part::In | Part::Within => self.packed(place, moment),
            Part::Out => {
                let holder = self.pen.lives.holder(&moment.fact);
                match self.inside() {
                    Some(inside) if Some(inside.0) == holder => self.unpack(place, moment),
                    _ => drop(self.arrive(place, moment)),
                }
            }
            Part::Seen
            | Part::Holder
            | Part::Emptied
            | Part::Base
            | Part::Attached
            | Part::Detached => {
                if self.inside().is_none() {
                    self.arrive(place, moment);
                }
                self.seen(moment);
            }
            Part::Used => {
                let left = self.arrive(place, moment);
                let process = self.pen.process(moment);
                self.pen.said(left, process, moment);
            }
            Part::Gone => {
                let left = self.arrive(place, moment);
                self.pen.said(left, End::Gone, moment);
            }
        }
    }

    /// What happens to the container it is in.
    fn through(&mut self, holder: Name, place: Name, moment: &Moment) {
        let Some((inside, session)) = self.inside() else { return };
        if inside != holder {
            return;
        }
        if moment.fact.part == Part::Emptied {
            return self.unpack(place, moment);
        }
        let spot = self.pen.life.spot(Spot::Inside(inside, session));
        let process = self.pen.process(moment);
        self.pen.said(End::Spot(spot), process, moment);
    }

    /// A thing that is named beside the container it is in goes where that goes.
    fn goes_along(&self, moment: &Moment) -> bool {
        let Some((holder, _)) = self.inside() else { return false };
        matches!(moment.fact.part, Part::Sent | Part::Got | Part::Gone)
            && self.pen.lives.graph.parts_of(moment.fact.event).any(|other| other.thing == holder)
    }

    fn got(&mut self, place: Name, from: Name, moment: &Moment) {
        match self.here {
            Some(way @ Spot::OnTheWay(_)) => {
                let left = self.pen.life.spot(way);
                let spot = self.enter(Spot::At(place), moment);
                self.pen.said(End::Spot(left), End::Spot(spot), moment);
            }
            // Its sender said nothing, the receiver says who it was.
            None if known(from) && from != place => {
                self.enter(Spot::At(from), moment);
                self.arrive(place, moment);
            }
            _ => drop(self.arrive(place, moment)),
        }
        self.seen(moment);
    }

    fn packed(&mut self, place: Name, moment: &Moment) {
        let Some(holder) = self.pen.lives.holder(&moment.fact) else { return };
        if self.inside().is_some_and(|(inside, _)| inside == holder) {
            return self.seen(moment);
        }
        let left = self.arrive(place, moment);
        let session = self.pen.session(holder, moment);
        let spot = self.enter(Spot::Inside(holder, session), moment);
        if moment.fact.part == Part::In {
            self.pen.said(left, End::Spot(spot), moment);
        } else {
            self.pen.implied(left, End::Spot(spot), moment, moment.fact.amount);
        }
    }

    fn unpack(&mut self, place: Name, moment: &Moment) {
        let Some((holder, session)) = self.inside() else { return };
        let left = self.pen.life.spot(Spot::Inside(holder, session));
        let spot = self.enter(Spot::At(place), moment);
        self.pen.said(End::Spot(left), End::Spot(spot), moment);
    }

    /// The thing is at a place; if it was elsewhere, it has come there.
    fn arrive(&mut self, place: Name, moment: &Moment) -> End {
        let place = match self.here {
            // An event without a place happened where the thing is.
            Some(Spot::At(here)) if !known(place) => here,
            _ => place,
        };
        match self.here {
            Some(here) if here != Spot::At(place) => {
                let left = self.pen.life.spot(here);
                let spot = self.enter(Spot::At(place), moment);
                self.pen.implied(End::Spot(left), End::Spot(spot), moment, moment.fact.amount);
                End::Spot(spot)
            }
            _ => End::Spot(self.enter(Spot::At(place), moment)),
        }
    }

    fn enter(&mut self, spot: Spot, moment: &Moment) -> u32 {
        if self.here != Some(spot) {
            if let Some(Spot::Inside(_, session)) = self.here {
                self.pen.life.sessions[session as usize].until = moment.time;
            }
            if let Spot::At(place) | Spot::OnTheWay(Way::To(place)) = spot
                && place != NOWHERE
            {
                self.pen.life.stays.push((moment.time, place));
            }
        }
        self.here = Some(spot);
        self.pen.life.spot(spot)
    }

    fn inside(&self) -> Option<(Name, u32)> {
        match self.here {
            Some(Spot::Inside(holder, session)) => Some((holder, session)),
            _ => None,
        }
    }

    fn seen(&mut self, moment: &Moment) {
        if let Some(here) = self.here {
            let spot = self.pen.life.spot(here);
            self.pen.life.seen.push((spot, moment.time, moment.fact.event));
        }
    }
}
