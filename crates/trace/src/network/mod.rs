//! Stations and the deliveries between them, as an outbreak team draws them: who sent what to whom, and which delivery went
//! into which. Tables and FoodChain-Lab documents come in as text ([`Network::from_csv`], [`fcl`]); [`score`] ranks where a
//! contamination may have begun, [`balance`] finds who sold more than he can have had, [`inspect`] says where to look next.
//!
//! What is accepted, because real tables have it: stations without deliveries, deliveries of a station to itself, missing and
//! partial dates, missing amounts, a relation said twice. Accepted with a notice ([`Network::notices`]): a relation to a
//! delivery that no row lists (the trace goes through it, for a table out of which rows were taken still says who fed whom),
//! and relations in a circle. Everything else that cannot be meant is a [`Fault`] with its row and column.
//!
//! ```
//! use trace::network::{Network, score};
//!
//! let network = Network::from_csv(
//!     b"ID\nfarm\nmarket\n",
//!     b"ID,from,to,Date Delivery\nd1,farm,market,2026-03-01\n",
//!     b"ID,Next\n",
//! )
//! .unwrap();
//! let mut tracing = score::Tracing::default();
//! tracing.station("market").weight = 1.0;
//! let scores = score::score(&network, &tracing).unwrap();
//! assert_eq!(scores.stations[0].id, "farm");
//! assert!((scores.stations[0].score - 1.0).abs() < 1e-12);
//! ```

use std::collections::HashMap;

use rust_decimal::Decimal;

pub mod balance;
pub mod check;
mod contact;
mod date;
mod fault;
pub mod fcl;
mod flow;
pub mod inspect;
mod mark;
mod mass;
mod reach;
mod read;
mod report;
pub mod score;
mod sheet;

pub use date::Date;
pub use fault::{Fault, Faults, Kind, Table};
pub use sheet::{Row, Sheet};

/// A place that receives and sends: farm, abattoir, trader, shop, kitchen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Station {
    /// Its id, unique among stations.
    pub id: String,
    /// Its name, for people; may be empty.
    pub name: String,
    /// The further columns, in the order of [`Network::station_columns`].
    pub further: Vec<String>,
}

/// Goods of one lot that went from one station to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, unique among deliveries.
    pub id: String,
    /// The sender, an index into [`Network::stations`].
    pub from: usize,
    /// The receiver, an index into [`Network::stations`].
    pub to: usize,
    /// The day it left, as far as known (`Date Delivery`).
    pub left: Date,
    /// The day it arrived, as far as known (`Date Delivery Arrival`).
    pub arrived: Date,
    /// Kilograms, to the milligram; `None` where unknown, which is not zero.
    pub kg: Option<Decimal>,
    /// What it was, for people; may be empty.
    pub product: String,
    /// The lot (`Charge Number`); may be empty.
    pub lot: String,
    /// The key of the lot (`Lot ID`), which may hold for deliveries of several lot numbers; may be empty.
    pub lot_id: String,
    /// The further columns, in the order of [`Network::delivery_columns`].
    pub further: Vec<String>,
}

impl Delivery {
    /// The day it left; where that is unknown, the day it arrived.
    pub fn departs(&self) -> Date {
        if self.left.is_known() { self.left } else { self.arrived }
    }

    /// The day it arrived; where that is unknown, the day it left.
    pub fn arrives(&self) -> Date {
        if self.arrived.is_known() { self.arrived } else { self.left }
    }

    /// Whether it can have been there when `next` left: it arrived no later, or the dates do not say.
    pub fn may_precede(&self, next: &Self) -> bool {
        self.arrives().may_precede(next.departs())
    }

    /// What tells its lot from others: the lot's key, else sender, product and lot number; `None` where no lot is named.
    pub(crate) fn lot_key(&self) -> Option<(usize, &str, &str)> {
        match (self.lot_id.as_str(), self.lot.as_str()) {
            ("", "") => None,
            ("", lot) => Some((self.from, &self.product, lot)),
            (key, _) => Some((usize::MAX, "", key)),
        }
    }
}

/// Stations, deliveries, and which delivery went into which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    stations: Vec<Station>,
    deliveries: Vec<Delivery>,
    /// Pairs (went, into); numbers from `deliveries.len()` on are of `unlisted`. Sorted, each once.
    relations: Vec<(usize, usize)>,
    unlisted: Vec<String>,
    station_columns: Vec<String>,
    delivery_columns: Vec<String>,
    station_by_id: HashMap<String, usize>,
    delivery_by_id: HashMap<String, usize>,
    notices: Vec<Fault>,
}

impl Network {
    /// Reads the three tables of the contract: stations by `ID`; deliveries by `ID,from,to` and, where known,
    /// `Date Delivery`, `Date Delivery Arrival`, `Amount [kg]`, `Charge Number`; relations by `ID,Next`, or an empty text.
    /// Names of columns are matched without regard to case, in any order; further columns are kept.
    ///
    /// # Errors
    /// All faults found (at most a hundred), each with its row and column.
    pub fn from_csv(stations: &[u8], deliveries: &[u8], relations: &[u8]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut take = |table, text| {
            Sheet::from_csv(table, text).unwrap_or_else(|fault| {
                faults.push(fault);
                Sheet::default()
            })
        };
        let stations = take(Table::Stations, stations);
        let deliveries = take(Table::Deliveries, deliveries);
        let relations = take(Table::Relations, relations);
        faults.or(())?;
        Self::from_sheets(&stations, &deliveries, &relations)
    }

    /// The same from tables already read, as of a workbook or a JSON document.
    ///
    /// # Errors
    /// As [`Network::from_csv`].
    pub fn from_sheets(
        stations: &Sheet,
        deliveries: &Sheet,
        relations: &Sheet,
    ) -> Result<Self, Faults> {
        read::network(stations, deliveries, relations)
    }

    /// The same from parts, as drawn from events: relations are pairs of numbers of deliveries (went, into). Without further
    /// columns.
    ///
    /// ```
    /// use trace::network::{Delivery, Network, Station};
    ///
    /// let station = |id: &str| Station { id: id.to_owned(), ..Station::default() };
    /// let delivery = Delivery { id: "d".to_owned(), from: 0, to: 1, ..Delivery::default() };
    /// let network = Network::new(vec![station("a"), station("b")], vec![delivery], &[]).unwrap();
    /// assert_eq!(network.find_station("b"), Some(1));
    /// ```
    ///
    /// # Errors
    /// Ids twice or empty, numbers of no station or delivery, relations that cannot be; rows are counted from 1.
    pub fn new(
        stations: Vec<Station>,
        deliveries: Vec<Delivery>,
        relations: &[(usize, usize)],
    ) -> Result<Self, Faults> {
        read::parts(stations, deliveries, relations)
    }

    /// The stations, in the order of the table.
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// The deliveries, in the order of the table.
    pub fn deliveries(&self) -> &[Delivery] {
        &self.deliveries
    }

    /// Which delivery went into which, as pairs of numbers. A number from `deliveries().len()` on is of a delivery that only
    /// relations name; see [`Network::delivery_id`].
    pub fn relations(&self) -> &[(usize, usize)] {
        &self.relations
    }

    /// The id of a delivery by its number, also of one that only relations name.
    pub fn delivery_id(&self, number: usize) -> Option<&str> {
        match self.deliveries.get(number) {
            Some(delivery) => Some(&delivery.id),
            None => self.unlisted.get(number - self.deliveries.len()).map(String::as_str),
        }
    }

    /// Ids that relations name and no row lists.
    pub fn unlisted(&self) -> &[String] {
        &self.unlisted
    }

    /// Names of the stations' further columns.
    pub fn station_columns(&self) -> &[String] {
        &self.station_columns
    }

    /// Names of the deliveries' further columns.
    pub fn delivery_columns(&self) -> &[String] {
        &self.delivery_columns
    }

    /// The number of a station.
    pub fn find_station(&self, id: &str) -> Option<usize> {
        self.station_by_id.get(id).copied()
    }

    /// The number of a delivery that a row lists.
    pub fn find_delivery(&self, id: &str) -> Option<usize> {
        self.delivery_by_id.get(id).copied()
    }

    /// What was accepted, and should be known.
    pub fn notices(&self) -> &[Fault] {
        &self.notices
    }

    /// For each station the deliveries that came and those that left, each in the order of the table.
    pub(crate) fn hands(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let mut incoming = vec![Vec::new(); self.stations.len()];
        let mut outgoing = incoming.clone();
        for (number, delivery) in self.deliveries.iter().enumerate() {
            incoming[delivery.to].push(number);
            outgoing[delivery.from].push(number);
        }
        (incoming, outgoing)
    }
}
