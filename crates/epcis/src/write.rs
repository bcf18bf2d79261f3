//! Events and documents as EPCIS 2.0 JSON-LD, compact. An event on its own (`stored`) declares its prefixes itself; within
//! a document the prefixes move up to the document's `@context`, unless two events mean different things by one.

mod document;
mod output;

use std::fmt::Write as _;

pub use document::{
    Stored, stored_context, write_bare_event, write_document, write_json, write_query_document,
};
pub use output::{Format, Output};

use crate::json::push_string;
use crate::model::{ErrorDeclaration, Event, EventKind, Extension, Party, Place, Quantity};
use crate::time::EventTime;

/// The lists of an event that may be written although they are empty.
pub(crate) static LISTS: &[&str] = &[
    "epcList",
    "quantityList",
    "childEPCs",
    "childQuantityList",
    "inputEPCList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "certificationInfo",
];

/// Which `@context` an event is written with.
#[derive(Clone, Copy)]
enum Scope {
    /// None: the document declares everything.
    Document,
    /// The one it came with, if any.
    Own,
    /// What it uses of all that is in scope beside the EPCIS context.
    Full,
}

impl Event {
    /// The event as it stands in the list of a document. The document must declare the event's `context`, except for
    /// what the event had declared itself.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(1024);
        self.write(&mut out, Scope::Own, self.event_id.as_deref());
        out
    }

    /// The event on its own, for the log: UTF-8 JSON that declares what it uses of its prefixes and terms in an `@context`
    /// at its head (without the EPCIS context, which goes without saying) and always has an `eventID`, the hash id where it came without.
    /// Identifiers, times and extension values stand as they were written.
    pub fn stored(&self) -> Vec<u8> {
        let mut out = String::with_capacity(1024);
        if let Some(id) = &self.event_id {
            self.write(&mut out, Scope::Full, Some(id));
        } else {
            let id = crate::hash::hash_id(self);
            self.write(&mut out, Scope::Full, Some(&id));
        }
        out.into_bytes()
    }

    fn write(&self, out: &mut String, scope: Scope, id: Option<&str>) {
        let start = out.len();
        out.push('{');
        let mut fields = Fields { out, first: true };
        if let (Scope::Own, Some(own)) = (scope, &self.written.own_context) {
            fields.raw("@context", own.as_str());
        }
        fields.text("type", self.kind.name());
        if let Some(id) = id {
            fields.text("eventID", id);
        }
        fields.time("eventTime", self.event_time, self.written.event_time.as_deref());
        fields.text("eventTimeZoneOffset", &self.event_time.offset_text());
        if let Some(time) = self.record_time {
            fields.time("recordTime", time, self.written.record_time.as_deref());
        }
        if let Some(error) = &self.error_declaration {
            write_error(
                fields.name("errorDeclaration"),
                error,
                self.written.declaration_time.as_deref(),
            );
        }
        self.write_certification(&mut fields);
        self.write_what(&mut fields);
        self.write_why(&mut fields);
        for extension in &self.extensions {
            fields.raw(&extension.name, extension.value.as_str());
        }
        out.push('}');
        if let Scope::Full = scope {
            self.context.declare_used(out, start);
        }
    }

    fn write_certification(&self, fields: &mut Fields<'_>) {
        match &self.certification_info[..] {
            [one] if !self.written.certification_list => fields.text("certificationInfo", one),
            many => self.texts(fields, "certificationInfo", many),
        }
    }

    fn write_what(&self, fields: &mut Fields<'_>) {
        if let Some(parent) = &self.parent_id {
            fields.text("parentID", parent);
        }
        // The schema wants one of the two lists even where an event is only about a measurement.
        let bare = self.kind == EventKind::Object
            && self.epc_list.is_empty()
            && self.quantity_list.is_empty();
        if bare && self.sensor_element_list.is_empty() && !self.written.empty.contains(&"epcList") {
            fields.raw("epcList", "[]");
        }
        self.texts(fields, "epcList", &self.epc_list);
        self.quantities_as(fields, "quantityList", &self.quantity_list);
        self.texts(fields, "childEPCs", &self.child_epcs);
        self.quantities_as(fields, "childQuantityList", &self.child_quantity_list);
        self.texts(fields, "inputEPCList", &self.input_epc_list);
        self.quantities_as(fields, "inputQuantityList", &self.input_quantity_list);
        self.texts(fields, "outputEPCList", &self.output_epc_list);
        self.quantities_as(fields, "outputQuantityList", &self.output_quantity_list);
        if let Some(id) = &self.transformation_id {
            fields.text("transformationID", id);
        }
        if let Some(action) = self.action {
            fields.text("action", action.name());
        }
    }

    fn write_why(&self, fields: &mut Fields<'_>) {
        if let Some(step) = &self.biz_step {
            fields.text("bizStep", step);
        }
        if let Some(disposition) = &self.disposition {
            fields.text("disposition", disposition);
        }
        if let Some(persistent) = &self.persistent_disposition {
            let out = fields.name("persistentDisposition");
            out.push('{');
            let mut inner = Fields { out, first: true };
            for (name, words) in [("set", &persistent.set), ("unset", &persistent.unset)] {
                if !words.is_empty() {
                    inner.list(name, words, |out, word| push_string(out, word));
                }
            }
            fields.out.push('}');
        }
        if let Some(place) = &self.read_point {
            write_place(fields.name("readPoint"), place);
        }
        if let Some(place) = &self.biz_location {
            write_place(fields.name("bizLocation"), place);
        }
        self.list_of(
            fields,
            "bizTransactionList",
            &self.biz_transaction_list,
            |out, transaction| {
                out.push('{');
                let mut fields = Fields { out, first: true };
                if let Some(kind) = &transaction.kind {
                    fields.text("type", kind);
                }
                fields.text("bizTransaction", &transaction.id);
                out.push('}');
            },
        );
        self.list_of(fields, "sourceList", &self.source_list, |out, party| {
            write_party(out, "source", party);
        });
        self.list_of(fields, "destinationList", &self.destination_list, |out, party| {
            write_party(out, "destination", party);
        });
        self.list_of(fields, "sensorElementList", &self.sensor_element_list, |out, element| {
            out.push_str(element.as_str());
        });
        if let Some(ilmd) = &self.ilmd {
            fields.raw("ilmd", ilmd.as_str());
        }
    }

    fn texts(&self, fields: &mut Fields<'_>, name: &'static str, list: &[String]) {
        self.list_of(fields, name, list, |out, text| push_string(out, text));
    }

    fn quantities_as(&self, fields: &mut Fields<'_>, name: &'static str, list: &[Quantity]) {
        self.list_of(fields, name, list, |out, quantity| {
            out.push('{');
            let mut fields = Fields { out, first: true };
            fields.text("epcClass", &quantity.epc_class);
            if let Some(amount) = quantity.quantity {
                let _ = write!(fields.name("quantity"), "{amount}");
            }
            if let Some(uom) = &quantity.uom {
                fields.text("uom", uom);
            }
            out.push('}');
        });
    }

    fn list_of<T>(
        &self,
        fields: &mut Fields<'_>,
        name: &'static str,
        list: &[T],
        one: impl Fn(&mut String, &T),
    ) {
        if !list.is_empty() || self.written.empty.contains(&name) {
            fields.list(name, list, one);
        }
    }
}

/// The members of an object being written.
struct Fields<'o> {
    out: &'o mut String,
    first: bool,
}

impl Fields<'_> {
    fn name(&mut self, name: &str) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        push_string(self.out, name);
        self.out.push(':');
        self.out
    }

    fn text(&mut self, name: &str, content: &str) {
        push_string(self.name(name), content);
    }

    fn raw(&mut self, name: &str, json: &str) {
        self.name(name).push_str(json);
    }

    fn time(&mut self, name: &str, time: EventTime, written: Option<&str>) {
        let same = written
            .filter(|text| EventTime::parse(text).is_ok_and(|read| read.micros == time.micros));
        match same {
            Some(text) => self.text(name, text),
            None => self.text(name, &time.to_string()),
        }
    }

    fn list<T>(&mut self, name: &str, list: &[T], one: impl Fn(&mut String, &T)) {
        let out = self.name(name);
        out.push('[');
        for (index, item) in list.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            one(out, item);
        }
        out.push(']');
    }

    fn extensions(&mut self, extensions: &[Extension]) {
        for extension in extensions {
            self.raw(&extension.name, extension.value.as_str());
        }
    }
}

fn write_place(out: &mut String, place: &Place) {
    out.push('{');
    let mut fields = Fields { out, first: true };
    fields.text("id", &place.id);
    fields.extensions(&place.extensions);
    out.push('}');
}

fn write_party(out: &mut String, field: &str, party: &Party) {
    out.push('{');
    let mut fields = Fields { out, first: true };
    fields.text("type", &party.kind);
    fields.text(field, &party.id);
    out.push('}');
}

fn write_error(out: &mut String, error: &ErrorDeclaration, written: Option<&str>) {
    out.push('{');
    let mut fields = Fields { out, first: true };
    fields.time("declarationTime", error.declaration_time, written);
    if let Some(reason) = &error.reason {
        fields.text("reason", reason);
    }
    if !error.corrective_event_ids.is_empty() {
        fields.list("correctiveEventIDs", &error.corrective_event_ids, |out, id| {
            push_string(out, id);
        });
    }
    fields.extensions(&error.extensions);
    out.push('}');
}
