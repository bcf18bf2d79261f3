//! What is wrong with a network's tables, where, and in words a person can act on.

use std::fmt::{self, Write as _};

use gs1::Lang;

/// At most so many faults are told of one network.
const MOST: usize = 100;

/// Which input a fault lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The stations.
    Stations,
    /// The deliveries.
    Deliveries,
    /// Which delivery went into which.
    Relations,
    /// The weights of cases.
    Weights,
    /// Where contamination crosses from lot to lot.
    CrossContamination,
    /// Where contamination ends.
    KillContamination,
    /// Stations taken as one.
    Merged,
    /// Yields of stations.
    Yields,
    /// A document as a whole.
    Document,
}

impl Table {
    fn name(self, lang: Lang) -> &'static str {
        let (vi, en) = match self {
            Self::Stations => ("bảng cơ sở", "stations"),
            Self::Deliveries => ("bảng giao hàng", "deliveries"),
            Self::Relations => ("bảng liên hệ", "relations"),
            Self::Weights => ("bảng trọng số", "weights"),
            Self::CrossContamination => ("bảng nhiễm chéo", "cross contamination"),
            Self::KillContamination => ("bảng khử nhiễm", "kill contamination"),
            Self::Merged => ("bảng gộp cơ sở", "merged stations"),
            Self::Yields => ("bảng hệ số thu hồi", "yields"),
            Self::Document => ("tài liệu", "document"),
        };
        say(lang, vi, en)
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The text is no table or no such document; the reason, in English.
    Unreadable(String),
    /// A needed column is missing.
    NoColumn,
    /// A column is there twice.
    ColumnTwice,
    /// A cell that must be filled is empty.
    Empty,
    /// The id was there before.
    Duplicate(String),
    /// No row lists this station.
    UnknownStation(String),
    /// No row lists this delivery.
    UnknownDelivery(String),
    /// Neither a station nor a delivery has this id.
    UnknownId(String),
    /// Not a date.
    BadDate(String),
    /// Not a number, or out of bounds.
    BadNumber(String),
    /// Neither yes nor no.
    BadFlag(String),
    /// A delivery went into itself.
    SelfRelation(String),
    /// The first arrives at another station than the second leaves from.
    Apart(String, String),
    /// Relations that lead back to this delivery (a notice).
    Circle(String),
    /// Both a station and a delivery have this id; the station is meant (a notice).
    Either(String),
    /// A station in two merged ones.
    MergedTwice(String),
}

impl Kind {
    fn sentence(&self, lang: Lang) -> String {
        let say = |vi: String, en: String| if lang == Lang::Vi { vi } else { en };
        match self {
            Self::Unreadable(why) => {
                say(format!("không đọc được ({why})"), format!("cannot be read ({why})"))
            }
            Self::NoColumn => say("thiếu cột này".into(), "this column is missing".into()),
            Self::ColumnTwice => {
                say("cột này có hai lần".into(), "this column is there twice".into())
            }
            Self::Empty => say("ô này phải có giá trị".into(), "this cell must be filled".into()),
            Self::Duplicate(id) => {
                say(format!("mã “{id}” đã có ở trên"), format!("the id “{id}” is there before"))
            }
            Self::UnknownStation(id) => say(
                format!("không có cơ sở nào mang mã “{id}”"),
                format!("no station has the id “{id}”"),
            ),
            Self::UnknownDelivery(id) => say(
                format!("không có lần giao hàng nào mang mã “{id}”"),
                format!("no delivery has the id “{id}”"),
            ),
            Self::UnknownId(id) => say(
                format!("không có cơ sở hay lần giao hàng nào mang mã “{id}”"),
                format!("no station and no delivery has the id “{id}”"),
            ),
            Self::BadDate(text) => say(
                format!("“{text}” không phải ngày; viết như 2026-03-09, 2026-03 hoặc 9/3/2026"),
                format!("“{text}” is no date; write it as 2026-03-09, 2026-03 or 9/3/2026"),
            ),
            Self::BadNumber(text) => say(
                format!("“{text}” không phải số hợp lệ; dùng dấu chấm cho phần thập phân"),
                format!("“{text}” is no valid number; write decimals with a point"),
            ),
            Self::BadFlag(text) => say(
                format!("“{text}” phải là true hoặc false"),
                format!("“{text}” must be true or false"),
            ),
            Self::SelfRelation(id) => say(
                format!("lần giao hàng “{id}” không thể đi vào chính nó"),
                format!("delivery “{id}” cannot have gone into itself"),
            ),
            Self::Apart(first, second) => say(
                format!("“{first}” không đến cơ sở mà “{second}” rời đi"),
                format!("“{first}” does not arrive where “{second}” leaves from"),
            ),
            Self::Circle(id) => say(
                format!("các liên hệ quay vòng về “{id}”"),
                format!("relations lead back to “{id}”"),
            ),
            Self::Either(id) => say(
                format!("“{id}” vừa là cơ sở vừa là lần giao hàng; hiểu là cơ sở"),
                format!("“{id}” is a station and a delivery; taken as the station"),
            ),
            Self::MergedTwice(id) => say(
                format!("cơ sở “{id}” bị gộp hai lần"),
                format!("station “{id}” is merged twice"),
            ),
        }
    }
}

fn say(lang: Lang, vi: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::Vi { vi } else { en }
}

/// One thing wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The input.
    pub table: Table,
    /// The line of the text in which the row begins, from 1 (the header's); in a JSON document the number of the row, from 1.
    /// 0 where no row is meant.
    pub row: u64,
    /// The column's name; empty where none is meant.
    pub column: String,
    /// What is wrong.
    pub kind: Kind,
}

impl Fault {
    pub(super) fn new(table: Table, row: u64, column: &str, kind: Kind) -> Self {
        Self { table, row, column: column.to_owned(), kind }
    }

    /// The sentence for a person: where, then what.
    pub fn message(&self, lang: Lang) -> String {
        let mut message = self.table.name(lang).to_owned();
        // Writing to a String cannot fail.
        if self.row > 0 {
            let _ = write!(message, ", {} {}", say(lang, "dòng", "row"), self.row);
        }
        if !self.column.is_empty() {
            let _ = write!(message, ", {} “{}”", say(lang, "cột", "column"), self.column);
        }
        let _ = write!(message, ": {}", self.kind.sentence(lang));
        message
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

/// All that is wrong with an input, at most a hundred faults.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub(super) fn push(&mut self, fault: Fault) {
        if self.0.len() < MOST {
            self.0.push(fault);
        }
    }

    /// The value, unless something is wrong.
    pub(super) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// A line for each fault.
    pub fn message(&self, lang: Lang) -> String {
        self.0.iter().map(|fault| fault.message(lang)).collect::<Vec<_>>().join("\n")
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}
