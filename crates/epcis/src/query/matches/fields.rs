//! Extension fields of an event, found by what their names mean.

use super::super::{FieldCondition, FieldName, FieldPlace};
use super::lists::Values;
use crate::json::{Json, Kind, Node, Tape};
use crate::model::{Event, Extension};
use crate::read::Limits;

/// Reads a text that an event holds. It has been within the limits of its reader, which need not be ours.
pub(super) fn tape(json: &Json) -> Option<Tape<'_>> {
    Tape::read(json.as_str(), &Limits::NONE).ok()
}

/// Shows the values of a top-level extension field.
pub(in super::super) fn extension(event: &Event, name: &FieldName, show: &mut dyn FnMut(Node<'_>)) {
    let named = event.extensions.iter().filter(|field| name.is(&field.name, &event.context));
    for field in named {
        if let Some(tape) = tape(&field.value) {
            show(tape.root());
        }
    }
}

impl FieldCondition {
    pub(super) fn matches(&self, values: &Values<'_>, event: &Event) -> bool {
        let in_place = |place: Option<&crate::model::Place>| {
            place.is_some_and(|place| self.among(values, &place.extensions, event))
        };
        match self.place {
            FieldPlace::Event => self.among(values, &event.extensions, event),
            FieldPlace::ReadPoint => in_place(event.read_point.as_ref()),
            FieldPlace::BizLocation => in_place(event.biz_location.as_ref()),
            FieldPlace::ErrorDeclaration => event
                .error_declaration
                .as_ref()
                .is_some_and(|error| self.among(values, &error.extensions, event)),
            FieldPlace::Ilmd => event
                .ilmd
                .as_ref()
                .and_then(tape)
                .is_some_and(|tape| self.in_members(values, tape.root(), event, &[])),
            FieldPlace::SensorElement | FieldPlace::SensorMetadata | FieldPlace::SensorReport => {
                event.sensor_element_list.iter().filter_map(tape).any(|tape| {
                    let element = tape.root();
                    match self.place {
                        FieldPlace::SensorMetadata => element
                            .get("sensorMetadata")
                            .is_some_and(|metadata| self.in_members(values, metadata, event, &[])),
                        FieldPlace::SensorReport => {
                            let reports = element.get("sensorReport");
                            let mut reports = reports.into_iter().flat_map(Node::items);
                            reports.any(|report| self.in_members(values, report, event, &[]))
                        }
                        _ => self.in_members(
                            values,
                            element,
                            event,
                            &["sensorMetadata", "sensorReport"],
                        ),
                    }
                })
            }
        }
    }

    fn among(&self, values: &Values<'_>, extensions: &[Extension], event: &Event) -> bool {
        extensions.iter().any(|field| {
            // A field of another name is read only for what is inside it.
            (self.inner || self.name.is(&field.name, &event.context))
                && tape(&field.value)
                    .is_some_and(|tape| self.in_field(values, &field.name, tape.root(), event))
        })
    }

    fn in_members(
        &self,
        values: &Values<'_>,
        object: Node<'_>,
        event: &Event,
        except: &[&str],
    ) -> bool {
        object.members().any(|(name, value)| {
            name.string().is_some_and(|name| {
                !except.contains(&&*name) && self.in_field(values, &name, value, event)
            })
        })
    }

    fn in_field(&self, values: &Values<'_>, name: &str, value: Node<'_>, event: &Event) -> bool {
        if !self.inner {
            return self.name.is(name, &event.context) && values.hold(value);
        }
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            if value.kind() == Kind::Array {
                open.extend(value.items());
            }
            for (name, value) in value.members() {
                let named = name.string().is_some_and(|name| self.name.is(&name, &event.context));
                if named && values.hold(value) {
                    return true;
                }
                open.push(value);
            }
        }
        false
    }
}
