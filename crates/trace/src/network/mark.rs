//! The question put to a network: which stations and deliveries are cases, where contamination crosses and where it ends.

use std::collections::{BTreeMap, HashMap};

use super::Network;
use super::fault::{Fault, Faults, Kind, Table};
use super::sheet::Sheet;

/// What is assumed of a station or a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mark {
    /// How much of a case it is: positive where people fell ill, negative where they surely did not; 0 says nothing.
    pub weight: f64,
    /// Contamination crosses here. Of a station: whatever arrives may get into whatever leaves later. Of a delivery: it and the
    /// other marked deliveries to the same station get into each other's onward deliveries.
    pub cross_contamination: bool,
    /// Contamination ends here, as in a kiln. Of a station: nothing that arrives gets into what leaves, and it is no source
    /// for others. Of a delivery: it brings nothing to its receiver.
    pub kill_contamination: bool,
    /// Its trace back and forward is asked for.
    pub observed: bool,
}

impl Mark {
    fn join(&mut self, other: Self) {
        self.weight += other.weight;
        self.cross_contamination |= other.cross_contamination;
        self.kill_contamination |= other.kill_contamination;
        self.observed |= other.observed;
    }
}

/// Stations that are looked at as one ("collapsed" in FoodChain-Lab, there `metaNodes`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The id of the whole, not the id of another station.
    pub id: String,
    /// The ids of its stations.
    pub members: Vec<String>,
}

/// The assumptions of a trace. The mark of a merged station stands in place of its members'; where it has none, theirs are
/// joined: weights added, the rest if one has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracing {
    /// Whether crossing heeds dates: what arrived later got into nothing that had left. Relations hold regardless.
    pub temporal_order: bool,
    /// Marks of stations and merged stations, by id.
    pub stations: BTreeMap<String, Mark>,
    /// Marks of deliveries, by id.
    pub deliveries: BTreeMap<String, Mark>,
    /// Stations that are looked at as one.
    pub merged: Vec<Merged>,
    /// What was accepted in the tables, and should be known.
    pub notices: Vec<Fault>,
}

impl Default for Tracing {
    fn default() -> Self {
        Self {
            temporal_order: true,
            stations: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            merged: Vec::new(),
            notices: Vec::new(),
        }
    }
}

impl Tracing {
    /// The mark of a station, to be changed.
    pub fn station(&mut self, id: &str) -> &mut Mark {
        self.stations.entry(id.to_owned()).or_default()
    }

    /// The mark of a delivery, to be changed.
    pub fn delivery(&mut self, id: &str) -> &mut Mark {
        self.deliveries.entry(id.to_owned()).or_default()
    }

    /// Reads weights: `id,weight`. An id of both a station and a delivery means the station, with a notice, unless a column
    /// `of` says `station` or `delivery`.
    ///
    /// # Errors
    /// All faults, each with row and column.
    pub fn read_weights(&mut self, network: &Network, text: &[u8]) -> Result<(), Faults> {
        let table = Table::Weights;
        self.read(network, table, text, &["weight"], |mark, cell| {
            // Not rounded as amounts are: a score is a share of exactly these weights.
            let weight: Option<f64> = cell.parse().ok().filter(|weight: &f64| weight.is_finite());
            mark.weight = weight.ok_or_else(|| Kind::BadNumber(cell.to_owned()))?;
            Ok(())
        })
    }

    /// Reads where contamination crosses: `id`, and in a column `CrossContamination` or `value`, or another that holds only
    /// true and false, whether it does; without such a column every listed id is meant. Ids as in [`Tracing::read_weights`].
    ///
    /// # Errors
    /// All faults, each with row and column.
    pub fn read_cross(&mut self, network: &Network, text: &[u8]) -> Result<(), Faults> {
        let names = ["CrossContamination", "Cross Contamination", "cross_contamination", "value"];
        self.read(network, Table::CrossContamination, text, &names, |mark, cell| {
            mark.cross_contamination = flag(cell)?;
            Ok(())
        })
    }

    /// Reads where contamination ends, as [`Tracing::read_cross`], with a column `Kill Contamination` or `value`.
    ///
    /// # Errors
    /// All faults, each with row and column.
    pub fn read_kill(&mut self, network: &Network, text: &[u8]) -> Result<(), Faults> {
        let names = ["Kill Contamination", "KillContamination", "kill_contamination", "value"];
        self.read(network, Table::KillContamination, text, &names, |mark, cell| {
            mark.kill_contamination = flag(cell)?;
            Ok(())
        })
    }

    fn read(
        &mut self,
        network: &Network,
        table: Table,
        text: &[u8],
        names: &[&str],
        set: impl Fn(&mut Mark, &str) -> Result<(), Kind>,
    ) -> Result<(), Faults> {
        let sheet = Sheet::from_csv(table, text)?;
        if sheet.is_empty() {
            return Ok(());
        }
        let mut faults = Faults::default();
        let id = sheet.need(table, &["ID"], &mut faults);
        let of = sheet.find(&["of"]);
        let value = match table {
            Table::Weights => sheet.need(table, names, &mut faults),
            _ => sheet.find(names).or_else(|| flags(&sheet, [id, of])),
        };
        sheet.once(table, &[id, value, of], &mut faults);
        let Some(place) = id else { return Err(faults) };
        for row in &sheet.rows {
            let wrong =
                |column: usize, kind| Fault::new(table, row.line, &sheet.columns[column], kind);
            let name = &row.cells[place];
            match self.named(network, name, row.cell(of)) {
                Ok(mark) => {
                    if let Err(kind) = set(mark, row.cell(value)) {
                        faults.push(wrong(value.unwrap_or(place), kind));
                    }
                }
                Err(kind) => faults.push(wrong(place, kind)),
            }
            let either = network.find_station(name).and(network.find_delivery(name)).is_some();
            if either && row.cell(of).is_empty() {
                self.notices.push(wrong(place, Kind::Either(name.clone())));
            }
        }
        faults.or(())
    }

    fn named(&mut self, network: &Network, id: &str, of: &str) -> Result<&mut Mark, Kind> {
        let station =
            network.find_station(id).is_some() || self.merged.iter().any(|merged| merged.id == id);
        let delivery = network.find_delivery(id).is_some();
        match of.to_lowercase().as_str() {
            "" | "station" | "stations" if station => Ok(self.station(id)),
            "" | "delivery" | "deliveries" if delivery => Ok(self.delivery(id)),
            "" if id.is_empty() => Err(Kind::Empty),
            "" => Err(Kind::UnknownId(id.to_owned())),
            "station" | "stations" => Err(Kind::UnknownStation(id.to_owned())),
            "delivery" | "deliveries" => Err(Kind::UnknownDelivery(id.to_owned())),
            other => Err(Kind::UnknownId(other.to_owned())),
        }
    }

    /// Every id known, nothing merged twice, every weight a number.
    pub(super) fn resolve<'a>(&'a self, network: &'a Network) -> Result<Resolved<'a>, Faults> {
        let mut faults = Faults::default();
        let mut resolved = Resolved::unmerged(network);
        resolved.merge(network, &self.merged, &mut faults);
        for (id, mark) in &self.stations {
            let place = network.find_station(id).map(|number| resolved.place_of[number]);
            if let Some(place) = place {
                // The mark of a whole stands in place of its members'.
                if !resolved.stands(self, place) {
                    resolved.stations[place].mark.join(*mark);
                }
            } else if let Some(whole) = resolved.whole(id) {
                whole.mark = *mark;
            } else {
                let kind = Kind::UnknownStation(id.clone());
                faults.push(Fault::new(Table::Weights, 0, "", kind));
            }
            finite(id, mark, &mut faults);
        }
        for (id, mark) in &self.deliveries {
            if let Some(number) = network.find_delivery(id) {
                resolved.deliveries[number] = *mark;
            } else {
                let kind = Kind::UnknownDelivery(id.clone());
                faults.push(Fault::new(Table::Weights, 0, "", kind));
            }
            finite(id, mark, &mut faults);
        }
        faults.or(resolved)
    }
}

fn finite(id: &str, mark: &Mark, faults: &mut Faults) {
    if !mark.weight.is_finite() {
        let kind = Kind::BadNumber(format!("{id}: {}", mark.weight));
        faults.push(Fault::new(Table::Weights, 0, "", kind));
    }
}

/// A column of flags under a name of its own: listed ids with `false` beside them are not meant.
fn flags(sheet: &Sheet, used: [Option<usize>; 2]) -> Option<usize> {
    (0..sheet.columns.len()).filter(|place| !used.contains(&Some(*place))).find(|place| {
        let mut cells = sheet.rows.iter().map(|row| &row.cells[*place]);
        cells.all(|cell| !cell.is_empty() && flag(cell).is_ok()) && !sheet.rows.is_empty()
    })
}

fn flag(cell: &str) -> Result<bool, Kind> {
    match cell.to_lowercase().as_str() {
        "" | "true" | "1" | "yes" | "có" => Ok(true),
        "false" | "0" | "no" | "không" => Ok(false),
        _ => Err(Kind::BadFlag(cell.to_owned())),
    }
}

/// A station as the trace sees it: one of the table, or several merged.
pub(super) struct Seen<'a> {
    pub(super) id: &'a str,
    pub(super) mark: Mark,
    pub(super) merged: bool,
}

/// Marks by number.
pub(super) struct Resolved<'a> {
    pub(super) stations: Vec<Seen<'a>>,
    /// Also of deliveries that only relations name: these have no marks.
    pub(super) deliveries: Vec<Mark>,
    /// For each station of the network its place in `stations`.
    pub(super) place_of: Vec<usize>,
}

impl<'a> Resolved<'a> {
    fn unmerged(network: &'a Network) -> Self {
        let seen = |id: &'a str| Seen { id, mark: Mark::default(), merged: false };
        Self {
            stations: network.stations().iter().map(|station| seen(&station.id)).collect(),
            deliveries: vec![
                Mark::default();
                network.deliveries().len() + network.unlisted().len()
            ],
            place_of: (0..network.stations().len()).collect(),
        }
    }

    /// Takes members out and puts wholes at the end.
    fn merge(&mut self, network: &'a Network, merged: &'a [Merged], faults: &mut Faults) {
        if merged.is_empty() {
            return;
        }
        let mut whole_of: HashMap<usize, usize> = HashMap::new();
        let mut fault = |kind| faults.push(Fault::new(Table::Merged, 0, "", kind));
        for (whole, merged) in merged.iter().enumerate() {
            let again = self.stations.iter().any(|station| station.id == merged.id);
            if again || merged.id.is_empty() {
                fault(if again { Kind::Duplicate(merged.id.clone()) } else { Kind::Empty });
            }
            for member in &merged.members {
                match network.find_station(member) {
                    None => fault(Kind::UnknownStation(member.clone())),
                    Some(number) => {
                        if whole_of.insert(number, whole).is_some() {
                            fault(Kind::MergedTwice(member.clone()));
                        }
                    }
                }
            }
            self.stations.push(Seen { id: &merged.id, mark: Mark::default(), merged: true });
        }
        let alone = network.stations().len() - whole_of.len();
        let mut next = 0;
        for (number, place) in self.place_of.iter_mut().enumerate() {
            *place = match whole_of.get(&number) {
                Some(whole) => alone + whole,
                None => next,
            };
            next += usize::from(!whole_of.contains_key(&number));
        }
        let mut number = 0;
        self.stations.retain(|station| {
            number += 1;
            station.merged || !whole_of.contains_key(&(number - 1))
        });
    }

    fn whole(&mut self, id: &str) -> Option<&mut Seen<'a>> {
        self.stations.iter_mut().rev().take_while(|seen| seen.merged).find(|seen| seen.id == id)
    }

    /// Whether the place is a merged station that has a mark of its own.
    fn stands(&self, tracing: &Tracing, place: usize) -> bool {
        let station = &self.stations[place];
        station.merged && tracing.stations.contains_key(station.id)
    }
}
