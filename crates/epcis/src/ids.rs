//! In which spelling identifiers go out: Digital Link, EPC URN, or as they came (the `GS1-EPC-Format` of the EPCIS 2.0
//! REST binding).

use std::borrow::Cow;

use gs1::Link;
use gs1::epc::{canonical_id, to_link, to_urn_known};

use crate::json::Json;
use crate::model::{Event, Quantity};
use crate::read::Document;

/// The spelling of GS1 identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpcFormat {
    AsIs,
    /// EPC URNs become Digital Links on `id.gs1.org`; links keep their host.
    Link,
    /// Digital Links become EPC URNs where the length of the company prefix is known and nothing is lost by it: the URN
    /// of an item has no place for its lot.
    Urn,
}

impl EpcFormat {
    /// An identifier in this spelling; anything else, and what cannot be spelled so, unchanged.
    pub fn spell(self, id: &str) -> Cow<'_, str> {
        let spelled = match self {
            Self::AsIs => None,
            Self::Link => to_link(id).ok(),
            Self::Urn => Link::parse(id)
                .ok()
                .and_then(|link| to_urn_known(&link).ok())
                .filter(|urn| canonical_id(urn) == canonical_id(id)),
        };
        spelled.map_or(Cow::Borrowed(id), Cow::Owned)
    }

    fn set(self, id: &mut String) {
        if let Cow::Owned(spelled) = self.spell(id) {
            *id = spelled;
        }
    }
}

impl Document {
    /// Writes the identifiers of all events in one spelling.
    pub fn spell_ids(&mut self, format: EpcFormat) {
        if format != EpcFormat::AsIs {
            self.events.iter_mut().for_each(|event| event.spell_ids(format));
        }
    }
}

impl Event {
    /// Writes the identifiers of things, classes, places, parties, documents and devices in one spelling.
    pub fn spell_ids(&mut self, format: EpcFormat) {
        let lists = [
            &mut self.epc_list,
            &mut self.child_epcs,
            &mut self.input_epc_list,
            &mut self.output_epc_list,
        ];
        lists.into_iter().flatten().for_each(|id| format.set(id));
        let quantities: [&mut Vec<Quantity>; 4] = [
            &mut self.quantity_list,
            &mut self.child_quantity_list,
            &mut self.input_quantity_list,
            &mut self.output_quantity_list,
        ];
        quantities.into_iter().flatten().for_each(|quantity| format.set(&mut quantity.epc_class));
        let single = [&mut self.parent_id, &mut self.transformation_id];
        single.into_iter().flatten().for_each(|id| format.set(id));
        let places = [&mut self.read_point, &mut self.biz_location];
        places.into_iter().flatten().for_each(|place| format.set(&mut place.id));
        self.biz_transaction_list
            .iter_mut()
            .for_each(|transaction| format.set(&mut transaction.id));
        let parties = self.source_list.iter_mut().chain(&mut self.destination_list);
        parties.for_each(|party| format.set(&mut party.id));
        for element in &mut self.sensor_element_list {
            let mut value = element.to_value();
            if spell_devices(&mut value, format) {
                *element = Json::from(value);
            }
        }
    }
}

/// Only the device is a thing; the other URIs of a sensor are addresses. True if anything has changed.
fn spell_devices(element: &mut serde_json::Value, format: EpcFormat) -> bool {
    let mut changed = false;
    let mut spell = |part: &mut serde_json::Value| {
        if let Some(serde_json::Value::String(id)) = part.get_mut("deviceID")
            && let Cow::Owned(spelled) = format.spell(id)
        {
            *id = spelled;
            changed = true;
        }
    };
    if let Some(metadata) = element.get_mut("sensorMetadata") {
        spell(metadata);
    }
    if let Some(serde_json::Value::Array(reports)) = element.get_mut("sensorReport") {
        reports.iter_mut().for_each(spell);
    }
    changed
}
