//! Under which identifiers an event is found: one posting for each identifier and part it plays. Identifiers are made
//! canonical (Digital Link), so that a URN and a link of the same thing meet.

use std::collections::HashSet;

use crate::model::{Event, Quantity};

/// The part an identifier plays in an event. The numbers are stored; they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    Epc = 1,
    QuantityClass = 2,
    Parent = 3,
    Child = 4,
    ChildClass = 5,
    Input = 6,
    InputClass = 7,
    Output = 8,
    OutputClass = 9,
    ReadPoint = 10,
    BizLocation = 11,
    BizTransaction = 12,
    Source = 13,
    Destination = 14,
    /// The event that says rightly what this one declares to be in error.
    CorrectiveEvent = 15,
    Transformation = 16,
    /// The class of an instance or lot that plays the part above, without its serial or lot number: what is asked for by a
    /// pattern such as `urn:epc:idpat:sgtin:0614141.107346.*`, or of one kind of goods, is found without reading every serial.
    EpcOf = 17,
    QuantityOf = 18,
    ParentOf = 19,
    ChildOf = 20,
    ChildQuantityOf = 21,
    InputOf = 22,
    InputQuantityOf = 23,
    OutputOf = 24,
    OutputQuantityOf = 25,
}

impl Role {
    pub const ALL: [Self; 25] = [
        Self::Epc,
        Self::QuantityClass,
        Self::Parent,
        Self::Child,
        Self::ChildClass,
        Self::Input,
        Self::InputClass,
        Self::Output,
        Self::OutputClass,
        Self::ReadPoint,
        Self::BizLocation,
        Self::BizTransaction,
        Self::Source,
        Self::Destination,
        Self::CorrectiveEvent,
        Self::Transformation,
        Self::EpcOf,
        Self::QuantityOf,
        Self::ParentOf,
        Self::ChildOf,
        Self::ChildQuantityOf,
        Self::InputOf,
        Self::InputQuantityOf,
        Self::OutputOf,
        Self::OutputQuantityOf,
    ];

    /// The number under which it is stored.
    pub const fn code(self) -> u8 {
        self as u8
    }

    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The role of the classes of what plays this part.
    pub fn of_class(self) -> Option<Self> {
        if self.code() > Self::OutputClass.code() {
            return None;
        }
        Self::from_code(self.code() + 16)
    }
}

/// An identifier, canonical, and the part it plays.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Posting {
    pub role: Role,
    pub id: String,
}

impl Event {
    /// Each identifier of the event with its role, once, in the order of the event's fields.
    pub fn postings(&self) -> Vec<Posting> {
        let mut postings = Postings { list: Vec::new(), seen: HashSet::new() };
        postings.ids(Role::Epc, &self.epc_list);
        postings.classes(Role::QuantityClass, &self.quantity_list);
        postings.ids(Role::Parent, &self.parent_id);
        postings.ids(Role::Child, &self.child_epcs);
        postings.classes(Role::ChildClass, &self.child_quantity_list);
        postings.ids(Role::Input, &self.input_epc_list);
        postings.classes(Role::InputClass, &self.input_quantity_list);
        postings.ids(Role::Output, &self.output_epc_list);
        postings.classes(Role::OutputClass, &self.output_quantity_list);
        postings.ids(Role::Transformation, &self.transformation_id);
        postings.ids(Role::ReadPoint, self.read_point.iter().map(|place| &place.id));
        postings.ids(Role::BizLocation, self.biz_location.iter().map(|place| &place.id));
        postings.ids(Role::BizTransaction, self.biz_transaction_list.iter().map(|t| &t.id));
        postings.ids(Role::Source, self.source_list.iter().map(|party| &party.id));
        postings.ids(Role::Destination, self.destination_list.iter().map(|party| &party.id));
        if let Some(error) = &self.error_declaration {
            for id in &error.corrective_event_ids {
                postings.add(Role::CorrectiveEvent, id.clone());
            }
        }
        postings.list
    }
}

struct Postings {
    list: Vec<Posting>,
    seen: HashSet<Posting>,
}

impl Postings {
    fn ids<'e>(&mut self, role: Role, ids: impl IntoIterator<Item = &'e String>) {
        for id in ids {
            self.add(role, canonical(id));
        }
    }

    fn classes(&mut self, role: Role, quantities: &[Quantity]) {
        self.ids(role, quantities.iter().map(|quantity| &quantity.epc_class));
    }

    fn add(&mut self, role: Role, id: String) {
        if let (Some(role), Some(class)) = (role.of_class(), class_of(&id)) {
            let posting = Posting { role, id: class.to_owned() };
            if self.seen.insert(posting.clone()) {
                self.list.push(posting);
            }
        }
        let posting = Posting { role, id };
        if self.seen.insert(posting.clone()) {
            self.list.push(posting);
        }
    }
}

/// The form under which an identifier is stored, asked for and hashed: the Digital Link on `id.gs1.org` at the finest level
/// (CBV 2.0 §8.9), or the text itself where it is no GS1 identity.
pub fn canonical(id: &str) -> String {
    gs1::epc::constrained_id(id).into()
}

/// The class of an instance or lot in its canonical form: the link without serial or lot number. Nothing for what is a class
/// itself, or has none (an SSCC, an asset, a place).
///
/// ```
/// use epcis::class_of;
/// let class = Some("https://id.gs1.org/01/08931234567897");
/// assert_eq!(class_of("https://id.gs1.org/01/08931234567897/21/7K3M"), class);
/// assert_eq!(class_of("https://id.gs1.org/01/08931234567897/10/SC-0726"), class);
/// assert_eq!(class_of("https://id.gs1.org/8003/089312345678977Q2"), Some("https://id.gs1.org/8003/08931234567897"));
/// assert_eq!(class_of("https://id.gs1.org/01/08931234567897"), None);
/// assert_eq!(class_of("https://id.gs1.org/00/389312345000000017"), None);
/// ```
pub fn class_of(id: &str) -> Option<&str> {
    /// Keys whose value holds the serial behind so many characters of the class (General Specifications 3).
    const SERIAL_WITHIN: [(&str, usize); 3] = [("8003", 14), ("253", 13), ("255", 13)];
    let rest = id.strip_prefix("https://id.gs1.org/")?;
    let (key, value) = rest.split_once('/')?;
    let class = match SERIAL_WITHIN.iter().find(|(within, _)| *within == key) {
        Some((_, length)) => value.get(..*length)?,
        None if ["01", "8006", "8010"].contains(&key) => value.split('/').next()?,
        None => return None,
    };
    let length = id.len() - value.len() + class.len();
    (length < id.len()).then(|| &id[..length])
}
