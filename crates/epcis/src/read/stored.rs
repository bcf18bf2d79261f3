//! Events that this crate wrote itself come back without being judged again.

use super::{At, Limits, Origin, Reader};
use crate::context::Context;
use crate::fault::{Fault, RULE_UTF8, position};
use crate::json::Tape;
use crate::model::Event;

/// Reads what [`Event::stored`] wrote. Fails only where the bytes are not such an event: the store is damaged.
pub fn read_stored(bytes: &[u8]) -> Result<Event, Fault> {
    let limits = Limits::NONE;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::new(&RULE_UTF8, String::new(), position(bytes, error.valid_up_to()), "")
    })?;
    let tape = Tape::read(text, &limits).map_err(|stop| {
        Fault::new(stop.rule, String::new(), position(bytes, stop.offset), &stop.what)
    })?;
    let mut reader = Reader::new(Origin::whole(bytes), &limits);
    reader.judges_ids = false;
    let event = reader.event(tape.root(), &At::ROOT, &Context::default());
    event.ok_or_else(|| {
        reader.faults.into_iter().next().unwrap_or_else(|| {
            Fault::new(&crate::fault::RULE_DOCUMENT_TYPE, String::new(), (1, 1), "")
        })
    })
}
