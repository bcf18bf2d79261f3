//! Sensor elements (EPCIS 2.0 §7.3.7) are checked field by field and kept as written: nothing here computes with them.

use super::identifier::Use;
use super::{At, Reader};
use crate::context::Context;
use crate::fault::{RULE_EMPTY, RULE_HEX};
use crate::json::{Json, Kind, Node};
use crate::vocab::List;

#[derive(Clone, Copy)]
enum Check {
    Uri,
    Device,
    Time,
    Number,
    Text,
    Bool,
    Hex,
    Word(List),
}

const METADATA: &[(&str, Check)] = &[
    ("time", Check::Time),
    ("deviceID", Check::Device),
    ("deviceMetadata", Check::Uri),
    ("rawData", Check::Uri),
    ("startTime", Check::Time),
    ("endTime", Check::Time),
    ("dataProcessingMethod", Check::Uri),
    ("bizRules", Check::Uri),
];

const REPORT: &[(&str, Check)] = &[
    ("type", Check::Word(List::Measurement)),
    ("exception", Check::Word(List::SensorAlert)),
    ("deviceID", Check::Device),
    ("deviceMetadata", Check::Uri),
    ("rawData", Check::Uri),
    ("dataProcessingMethod", Check::Uri),
    ("bizRules", Check::Uri),
    ("time", Check::Time),
    ("microorganism", Check::Uri),
    ("chemicalSubstance", Check::Uri),
    ("coordinateReferenceSystem", Check::Uri),
    ("value", Check::Number),
    ("component", Check::Word(List::Component)),
    ("stringValue", Check::Text),
    ("booleanValue", Check::Bool),
    ("hexBinaryValue", Check::Hex),
    ("uriValue", Check::Uri),
    ("minValue", Check::Number),
    ("maxValue", Check::Number),
    ("meanValue", Check::Number),
    ("sDev", Check::Number),
    ("percRank", Check::Number),
    ("percValue", Check::Number),
    ("uom", Check::Text),
];

impl<'t> Reader<'t> {
    pub(super) fn sensor_element(
        &mut self,
        node: Node<'t>,
        at: &At<'_>,
        context: &Context,
    ) -> Option<Json> {
        if !self.expect(node, Kind::Object, at) {
            return None;
        }
        let mut has_report = false;
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            match &*key {
                "sensorMetadata" => self.fields(value, &at, METADATA, context),
                "sensorReport" => {
                    has_report = true;
                    self.reports(value, &at, context);
                }
                _ => {
                    self.extension_name(name, &at, context);
                }
            }
        }
        if !has_report {
            self.missing(at, node, "sensorReport");
        }
        Some(Json::known(node.source()))
    }

    fn reports(&mut self, node: Node<'t>, at: &At<'_>, context: &Context) {
        if !self.expect(node, Kind::Array, at) {
            return;
        }
        if node.items().next().is_none() {
            self.fault(&RULE_EMPTY, at, node, "sensorReport");
        }
        for (index, report) in node.items().enumerate() {
            let at = at.index(index);
            self.fields(report, &at, REPORT, context);
            if report.kind() == Kind::Object
                && report.get("type").is_none()
                && report.get("exception").is_none()
            {
                self.missing(&at, report, "type");
            }
        }
    }

    fn fields(&mut self, node: Node<'t>, at: &At<'_>, table: &[(&str, Check)], context: &Context) {
        if !self.expect(node, Kind::Object, at) {
            return;
        }
        for (name, value) in node.members() {
            let Some(key) = name.string() else { continue };
            let at = at.name(&key);
            match table.iter().find(|(field, _)| *field == key) {
                Some((_, check)) => self.sensor_value(value, &at, *check, context),
                None => {
                    self.extension_name(name, &at, context);
                }
            }
        }
    }

    fn sensor_value(&mut self, node: Node<'t>, at: &At<'_>, check: Check, context: &Context) {
        match check {
            Check::Uri => drop(self.uri(node, at)),
            Check::Device => drop(self.identifier(node, at, Use::Any)),
            Check::Time => drop(self.time(node, at).map(drop)),
            Check::Number => drop(self.expect(node, Kind::Number, at).then_some(())),
            Check::Text => drop(self.text(node, at)),
            Check::Bool => drop(self.expect(node, Kind::Bool, at).then_some(())),
            Check::Word(list) => drop(self.word(node, at, list, context)),
            Check::Hex => {
                if let Some(text) = self.text(node, at)
                    && (text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()))
                {
                    self.fault(&RULE_HEX, at, node, &text);
                }
            }
        }
    }
}
