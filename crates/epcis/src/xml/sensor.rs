//! Sensor elements (EPCIS 2.0 §7.3.7): what JSON has as members, XML has as attributes.

use super::translate::{Ordered, Translator, XSI};
use super::tree::Node;
use crate::fault::RULE_XML_ELEMENT;
use crate::read::At;
use crate::vocab::List;

impl<'t> Translator<'t> {
    pub(super) fn sensor_element(&mut self, node: Node<'t>, at: &At<'_>) {
        self.out.open('{', node.offset());
        self.no_text(node, at);
        let mut ordered = Ordered::repeating(&["sensorMetadata", "sensorReport", "extension"]);
        let (mut reports, mut metadata, mut extensions) = (Vec::new(), Vec::new(), Vec::new());
        for child in node.children() {
            match self.ordered_or_foreign(&mut ordered, child, at, &mut extensions) {
                Some("sensorReport") => reports.push(child),
                Some("sensorMetadata") => metadata.push(child),
                Some(name) => self.fault(&RULE_XML_ELEMENT, &at.name(name), child.offset(), name),
                None => {}
            }
        }
        for (index, part) in metadata.into_iter().enumerate() {
            if index > 0 {
                self.repeated(part, at);
                continue;
            }
            self.out.name("sensorMetadata", part.offset());
            self.attributes_of(part, &at.name("sensorMetadata"));
        }
        if let Some(first) = reports.first() {
            self.out.name("sensorReport", first.offset());
            self.out.open('[', first.offset());
            for (index, report) in reports.iter().enumerate() {
                self.attributes_of(*report, &at.name("sensorReport").index(index));
            }
            self.out.close(']');
        }
        extensions.extend(self.foreign_attributes(node, at));
        self.members(&extensions);
        self.out.close('}');
    }

    /// The attributes as members, numbers as numbers; what is not EPCIS's own keeps its prefixed name.
    fn attributes_of(&mut self, node: Node<'t>, at: &At<'_>) {
        self.out.open('{', node.offset());
        self.no_text(node, at);
        if let Some(child) = node.children().next() {
            self.fault(&RULE_XML_ELEMENT, at, child.offset(), child.name());
        }
        for attribute in node.attributes() {
            if attribute.namespace() == XSI {
                continue;
            }
            let key = self.names.key(attribute);
            let content = attribute.content();
            let (text, from) = (content.trim(), attribute.value_offset());
            self.out.name(&key, attribute.offset());
            match key.as_str() {
                "value" | "minValue" | "maxValue" | "meanValue" | "sDev" | "percRank"
                | "percValue" => {
                    self.number(text, from);
                }
                "booleanValue" => match text {
                    "true" | "1" => self.out.raw("true", from),
                    "false" | "0" => self.out.raw("false", from),
                    _ => self.out.string(text, from),
                },
                "type" => self.word(List::Measurement.bare(text), from),
                "exception" => self.word(List::SensorAlert.bare(text), from),
                "component" => self.word(List::Component.bare(text), from),
                // What stands in quotes is text to the last space.
                "stringValue" => self.out.string(&content, from),
                _ => self.out.string(text, from),
            }
        }
        self.out.close('}');
    }
}
