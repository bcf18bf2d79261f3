//! A document written event by event. What its head declares depends on all its events, so they pass twice: first to be
//! noted, then to be written. What comes out is what [`write_json`](crate::write_json) and
//! [`write_xml`](crate::write_xml) make of the whole.

use super::document::{after_list, before_list, push_listed};
use crate::context::Context;
use crate::fault::Fault;
use crate::model::Event;
use crate::read::Document;
use crate::time::EventTime;
use crate::xml::{Version, Writer, end_tag};

/// What a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml(Version),
}

/// A document being written.
#[derive(Debug)]
pub struct Output<'d> {
    /// The document without its events.
    document: &'d Document,
    form: Form,
    events: usize,
}

#[derive(Debug)]
enum Form {
    /// What the events declare.
    Json(Context),
    Xml(Writer),
}

impl<'d> Output<'d> {
    /// Of a document whose own events do not matter.
    pub fn new(document: &'d Document, format: Format) -> Self {
        let form = match format {
            Format::Json => Form::Json(document.context.clone()),
            Format::Xml(version) => {
                let mut writer = Writer::new(version);
                writer.before(document);
                writer.out.clear();
                Form::Xml(writer)
            }
        };
        Self { document, form, events: 0 }
    }

    /// Notes what an event declares. All events are noted, in their order, before the first is written.
    pub fn note(&mut self, event: &Event) {
        match &mut self.form {
            Form::Json(context) => _ = context.merge(&event.context),
            Form::Xml(writer) => {
                writer.listed(self.events, event);
                writer.out.clear();
            }
        }
        self.events += 1;
    }

    /// The text before the events.
    ///
    /// # Errors
    /// What the noted events say that the format cannot say.
    pub fn begin(&mut self, created: EventTime) -> Result<String, Vec<Fault>> {
        self.events = 0;
        match &mut self.form {
            Form::Json(context) => Ok(before_list(self.document, context, created)),
            Form::Xml(writer) => {
                writer.after(self.document);
                writer.out.clear();
                if !writer.faults.is_empty() {
                    return Err(std::mem::take(&mut writer.faults));
                }
                let mut out = writer.start_tag(self.document, created);
                writer.before(self.document);
                out.push_str(&writer.out);
                Ok(out)
            }
        }
    }

    /// The text of an event.
    pub fn event(&mut self, event: &Event) -> String {
        let mut out = String::with_capacity(1024);
        match &mut self.form {
            Form::Json(context) => {
                if self.events > 0 {
                    out.push(',');
                }
                push_listed(&mut out, event, context);
            }
            Form::Xml(writer) => {
                writer.out.clear();
                writer.listed(self.events, event);
                out = std::mem::take(&mut writer.out);
            }
        }
        self.events += 1;
        out
    }

    /// The text after the events.
    pub fn end(self) -> String {
        match self.form {
            Form::Json(_) => after_list(self.document).to_owned(),
            Form::Xml(mut writer) => {
                writer.out.clear();
                writer.after(self.document);
                writer.out + &end_tag(self.document)
            }
        }
    }
}
