//! The published events of a lot as an EPCIS 2.0 query document: exactly those steps that the
//! approved record shows, as the log holds them, without the account that entered them.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use epcis::{EventTime, Stored, read_stored, write_query_document};
use store::Seq;

use crate::app::App;
use crate::review::record::PublicRecord;
use crate::shared::{Fail, text};

/// The local name of the one extension that is not for the public.
const PRIVATE: &str = "enteredBy";

/// The events of a record.
pub(super) async fn of_record(app: &App, record: &PublicRecord) -> Result<Response, Fail> {
    let seqs: Vec<Seq> = record.journey.iter().map(|step| Seq(step.seq)).collect();
    let logged = app.store.at(&seqs).await?;
    let mut bodies = Vec::with_capacity(logged.len());
    for one in logged {
        let mut event = read_stored(&one.body)
            .map_err(|fault| Fail::internal(format!("event {} of the log: {fault:?}", one.seq)))?;
        event.extensions.retain(|field| field.name.rsplit(':').next() != Some(PRIVATE));
        bodies.push((event.stored(), time(one.record_time)));
    }
    let stored = bodies.iter().map(|(body, at)| Stored { body, record_time: Some(*at) });
    let document = write_query_document(stored, "SimpleEventQuery", None, time(app.now()));
    let headers = [
        (header::CONTENT_TYPE, "application/ld+json"),
        (header::VARY, "Accept"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, document).into_response())
}

fn time(micros: i64) -> EventTime {
    EventTime { micros, offset_minutes: text::OFFSET_MINUTES }
}
