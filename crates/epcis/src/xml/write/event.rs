//! One event, level by level in the sequence of its schema.

use std::fmt::Write as _;

use super::value::scalar;
use super::{CbvFormat, Writer};
use crate::json::Node;
use crate::model::{Event, EventKind, Place, Quantity};
use crate::read::At;
use crate::time::EventTime;
use crate::vocab::List;
use crate::xml::Version;
use crate::xml::order::{Level, Sequence, sequence};
use crate::xml::translate::XSI;

/// What the open places of 1.2 hold.
const CERTIFICATION: &[&str] = &["certificationInfo"];
const LATER: &[&str] = &["sensorElementList", "persistentDisposition"];

impl Writer {
    pub(super) fn event(&mut self, event: &Event, at: &At<'_>) {
        self.open(event.kind.name());
        self.level(event, Level::Event, at);
        self.extensions(&event.extensions, &event.context, at);
        self.close(event.kind.name());
    }

    fn level(&mut self, event: &Event, level: Level, at: &At<'_>) {
        let parts: Sequence = match (sequence(self.version, event.kind, level), level) {
            (Some(parts), _) => parts,
            // An AssociationEvent within 1.2 looks as in 2.0.
            (None, Level::Event) => {
                sequence(Version::V2_0, event.kind, level).unwrap_or([&[], &[], &[]])
            }
            (None, Level::BaseOpen) => [CERTIFICATION, &[], &[]],
            (None, _) if event.kind == EventKind::Association => [&[], &[], &[]],
            (None, _) => [LATER, &[], &[]],
        };
        for name in parts.into_iter().flatten() {
            let inner = match (*name, level) {
                ("baseExtension", _) => Level::Base,
                ("extension", Level::Base) => Level::BaseOpen,
                ("extension", Level::Event) => Level::Extension,
                ("extension", _) => Level::Open,
                _ => {
                    self.field(event, name, &at.name(name));
                    continue;
                }
            };
            let before = self.out.len();
            self.open(name);
            let inside = self.out.len();
            self.level(event, inner, at);
            if self.out.len() == inside {
                self.out.truncate(before);
            } else {
                self.close(name);
            }
        }
    }

    fn field(&mut self, event: &Event, name: &'static str, at: &At<'_>) {
        let written = &event.written;
        match name {
            "eventTime" => self.time(name, event.event_time, written.event_time.as_deref(), at),
            "recordTime" => {
                if let Some(time) = event.record_time {
                    self.time(name, time, written.record_time.as_deref(), at);
                }
            }
            "eventTimeZoneOffset" => self.text(name, &event.event_time.offset_text(), at),
            "eventID" => self.optional(name, event.event_id.as_deref(), at),
            "certificationInfo" => {
                for uri in &event.certification_info {
                    self.text(name, uri, at);
                }
            }
            "action" => self.optional(name, event.action.map(crate::Action::name), at),
            "parentID" => self.optional(name, event.parent_id.as_deref(), at),
            "transformationID" => self.optional(name, event.transformation_id.as_deref(), at),
            "epcList" => self.epcs(event, name, &event.epc_list, at),
            "childEPCs" => self.epcs(event, name, &event.child_epcs, at),
            "inputEPCList" => self.epcs(event, name, &event.input_epc_list, at),
            "outputEPCList" => self.epcs(event, name, &event.output_epc_list, at),
            "quantityList" => self.quantities(name, &event.quantity_list, at),
            "childQuantityList" => self.quantities(name, &event.child_quantity_list, at),
            "inputQuantityList" => self.quantities(name, &event.input_quantity_list, at),
            "outputQuantityList" => self.quantities(name, &event.output_quantity_list, at),
            "bizStep" => {
                self.word_element(event, name, List::BizStep, event.biz_step.as_deref(), at);
            }
            "disposition" => {
                let word = event.disposition.as_deref();
                self.word_element(event, name, List::Disposition, word, at);
            }
            "readPoint" => self.place(event, name, event.read_point.as_ref(), at),
            "bizLocation" => self.place(event, name, event.biz_location.as_ref(), at),
            "bizTransactionList" => {
                let list = event.biz_transaction_list.iter();
                let list: Vec<_> = list.map(|t| (t.kind.as_deref(), t.id.as_str())).collect();
                self.typed(event, name, "bizTransaction", List::BizTransaction, &list, at);
            }
            "sourceList" | "destinationList" => {
                let (list, item) = if name == "sourceList" {
                    (&event.source_list, "source")
                } else {
                    (&event.destination_list, "destination")
                };
                let list: Vec<_> =
                    list.iter().map(|p| (Some(p.kind.as_str()), p.id.as_str())).collect();
                self.typed(event, name, item, List::SourceDestination, &list, at);
            }
            "sensorElementList" => self.sensors(event, at),
            "persistentDisposition" => self.persistent(event, at),
            "ilmd" => {
                if let Some(ilmd) = &event.ilmd {
                    self.open(name);
                    self.walk(ilmd, |writer, value| {
                        writer.members(value, &event.context, false, at);
                    });
                    self.close(name);
                }
            }
            "errorDeclaration" => self.error(event, at),
            _ => {}
        }
    }

    /// As its author wrote it, where that is what the XSD's pattern takes.
    fn time(&mut self, name: &str, time: EventTime, written: Option<&str>, at: &At<'_>) {
        let same = written.filter(|text| {
            !text.contains(['t', 'z'])
                && !text.contains(":60")
                && EventTime::parse(text).is_ok_and(|read| read.micros == time.micros)
        });
        match same {
            Some(text) => self.text(name, text, at),
            None => self.text(name, &time.to_string(), at),
        }
    }

    fn optional(&mut self, name: &str, content: Option<&str>, at: &At<'_>) {
        if let Some(content) = content {
            self.text(name, content, at);
        }
    }

    fn epcs(&mut self, event: &Event, name: &'static str, epcs: &[String], at: &At<'_>) {
        // 1.2 wants the list of these types even where it is empty.
        let wanted = self.version == Version::V1_2
            && matches!(
                (name, event.kind),
                ("epcList", EventKind::Object | EventKind::Transaction)
                    | ("childEPCs", EventKind::Aggregation)
            );
        let nothing = event.kind == EventKind::Object
            && name == "epcList"
            && event.quantity_list.is_empty()
            && event.sensor_element_list.is_empty();
        if epcs.is_empty() && !wanted && !nothing && !event.written.empty.contains(&name) {
            return;
        }
        self.open(name);
        for (index, epc) in epcs.iter().enumerate() {
            self.text("epc", epc, &at.index(index));
        }
        self.close(name);
    }

    fn quantities(&mut self, name: &str, quantities: &[Quantity], at: &At<'_>) {
        if quantities.is_empty() {
            return;
        }
        self.open(name);
        for (index, quantity) in quantities.iter().enumerate() {
            let at = at.index(index);
            self.open("quantityElement");
            self.text("epcClass", &quantity.epc_class, &at.name("epcClass"));
            if let Some(amount) = quantity.quantity {
                self.text("quantity", &amount.to_string(), &at);
                self.optional("uom", quantity.uom.as_deref(), &at.name("uom"));
            } else if let Some(uom) = &quantity.uom {
                // The sequence has no unit without an amount, but the amount may be nil.
                let xsi = self.prefix(XSI, "xsi");
                let _ = write!(self.out, "<quantity {xsi}:nil=\"true\"/>");
                self.text("uom", uom, &at.name("uom"));
            }
            self.close("quantityElement");
        }
        self.close(name);
    }

    /// A word of CBV in the spelling asked for; a private word as URI.
    fn word(&mut self, event: &Event, list: List, word: &str) -> String {
        let spelled = list.urn(word).map(|urn| match self.words {
            CbvFormat::Urn => urn,
            CbvFormat::WebUri => list.uri(word).into_owned(),
        });
        spelled.unwrap_or_else(|| self.private_word(word, &event.context))
    }

    fn word_element(
        &mut self,
        event: &Event,
        name: &str,
        list: List,
        word: Option<&str>,
        at: &At<'_>,
    ) {
        if let Some(word) = word {
            let word = self.word(event, list, word);
            self.text(name, &word, at);
        }
    }

    fn place(&mut self, event: &Event, name: &str, place: Option<&Place>, at: &At<'_>) {
        let Some(place) = place else { return };
        self.open(name);
        self.text("id", &place.id, &at.name("id"));
        self.extensions(&place.extensions, &event.context, at);
        self.close(name);
    }

    fn typed(
        &mut self,
        event: &Event,
        name: &str,
        item: &str,
        list: List,
        parts: &[(Option<&str>, &str)],
        at: &At<'_>,
    ) {
        if parts.is_empty() {
            return;
        }
        self.open(name);
        for (index, (kind, id)) in parts.iter().enumerate() {
            let at = at.index(index);
            self.out.push('<');
            self.out.push_str(item);
            if let Some(kind) = kind {
                let kind = self.word(event, list, kind);
                self.attribute("type", &kind, &at.name("type"));
            }
            self.out.push('>');
            self.escaped(id, false, &at.name(item));
            self.close(item);
        }
        self.close(name);
    }

    fn persistent(&mut self, event: &Event, at: &At<'_>) {
        let Some(persistent) = &event.persistent_disposition else { return };
        self.open("persistentDisposition");
        for (name, words) in [("unset", &persistent.unset), ("set", &persistent.set)] {
            for word in words {
                self.word_element(event, name, List::Disposition, Some(word), &at.name(name));
            }
        }
        self.close("persistentDisposition");
    }

    fn error(&mut self, event: &Event, at: &At<'_>) {
        let Some(error) = &event.error_declaration else { return };
        self.open("errorDeclaration");
        let written = event.written.declaration_time.as_deref();
        self.time("declarationTime", error.declaration_time, written, at);
        self.word_element(event, "reason", List::ErrorReason, error.reason.as_deref(), at);
        if !error.corrective_event_ids.is_empty() {
            self.open("correctiveEventIDs");
            for id in &error.corrective_event_ids {
                self.text("correctiveEventID", id, at);
            }
            self.close("correctiveEventIDs");
        }
        self.extensions(&error.extensions, &event.context, at);
        self.close("errorDeclaration");
    }

    fn sensors(&mut self, event: &Event, at: &At<'_>) {
        if event.sensor_element_list.is_empty() {
            return;
        }
        self.open("sensorElementList");
        for (index, element) in event.sensor_element_list.iter().enumerate() {
            let at = at.index(index);
            self.open("sensorElement");
            self.walk(element, |writer, element| writer.sensor_element(event, element, &at));
            self.close("sensorElement");
        }
        self.close("sensorElementList");
    }

    fn sensor_element(&mut self, event: &Event, element: Node<'_>, at: &At<'_>) {
        if let Some(metadata) = element.get("sensorMetadata") {
            self.sensor_part(event, "sensorMetadata", metadata, &at.name("sensorMetadata"));
        }
        for report in element.get("sensorReport").into_iter().flat_map(Node::items) {
            self.sensor_part(event, "sensorReport", report, &at.name("sensorReport"));
        }
        for (name, value) in element.members() {
            let key = name.string().unwrap_or_default();
            if !matches!(&*key, "sensorMetadata" | "sensorReport") {
                self.member(&key, value, &event.context, false, &at.name(&key));
            }
        }
    }

    /// Metadata or a report: everything is an attribute, so that an extension can only be a text.
    fn sensor_part(&mut self, event: &Event, element: &str, part: Node<'_>, at: &At<'_>) {
        self.out.push('<');
        self.out.push_str(element);
        for (name, value) in part.members() {
            let key = name.string().unwrap_or_default();
            let at = at.name(&key);
            let text = scalar(value);
            let curie = |list: List| list.curie(&text);
            let word = match &*key {
                "type" => curie(List::Measurement),
                "exception" => curie(List::SensorAlert),
                "component" => curie(List::Component),
                _ if key.contains(':') || event.context.term(&key).is_some() => {
                    let Some(name) = self.name(&key, &event.context, false, &at) else { continue };
                    if value.items().next().is_some() || value.members().next().is_some() {
                        self.fault(&at, &key);
                    }
                    self.attribute(&name, &text, &at);
                    continue;
                }
                // Numbers as they are written: `xsd:double` takes all that JSON does.
                _ => Some(value.number().map_or(text.clone(), str::to_owned)),
            };
            let word = word.unwrap_or_else(|| self.private_word(&text, &event.context));
            self.attribute(&key, &word, &at);
        }
        self.out.push_str("/>");
    }
}
