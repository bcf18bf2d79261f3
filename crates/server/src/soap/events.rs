//! `poll` of the SimpleEventQuery (EPCIS 1.2 and 2.0 §8.2.7.1): the events that the REST binding would page through, at once.

use epcis::{EpcFormat, Event, Query, Results, Version, write_query_results};
use store::Logged;

use super::fault::{Exception, Fault};
use crate::app::App;
use crate::lots::ledger::read;
use crate::query::{Found, find, record_time, too_complex};
use crate::shared::Fail;

/// Events of one answer, and bytes that they may have as they are stored.
const MOST: usize = 10_000;
const MOST_BYTES: usize = 32 << 20;
/// Events taken from the log at once.
const PAGE: u32 = 1_000;
/// Pages asked for. One that few events fit is short, and twenty thousand events were read for it.
const MOST_PAGES: usize = 50;

/// The element `QueryResults`, or why there is none.
pub(super) async fn poll(
    app: &App,
    organisation: i64,
    query_name: &str,
    mut query: Query,
    version: Version,
) -> Result<String, Fault> {
    query.per_page = Some(PAGE);
    let mut found: Vec<Logged> = Vec::new();
    let mut bytes = 0;
    for page in 1.. {
        if page > MOST_PAGES {
            return Err(too_complex().into());
        }
        let (events, next) = match find(app, organisation, &query).await? {
            Found::Page { events, next } => (events, next),
            Found::TooMany(most) => return Err(too_large(query_name, u64::from(most))),
            Found::TooMuch => return Err(too_complex().into()),
            Found::BadToken => return Err(Fail::internal("a token of our own is not known").into()),
        };
        bytes += events.iter().map(|event| event.body.len()).sum::<usize>();
        found.extend(events);
        if found.len() > MOST || bytes > MOST_BYTES {
            return Err(too_large(query_name, MOST as u64));
        }
        let Some(next) = next else { break };
        query.next_page_token = Some(next);
    }
    let name = query_name.to_owned();
    // Thousands of events take a while to write; other requests go on meanwhile.
    let written = tokio::task::spawn_blocking(move || write(&name, &found, version)).await;
    written.map_err(Fail::internal)?
}

fn write(query_name: &str, found: &[Logged], version: Version) -> Result<String, Fault> {
    let mut events: Vec<Event> = Vec::with_capacity(found.len());
    for logged in found {
        let mut event = read(logged)?;
        event.record_time = Some(record_time(logged));
        // EPCIS 1.2 knows identifiers as URNs only; what has none keeps its link.
        if version == Version::V1_2 {
            event.spell_ids(EpcFormat::Urn);
        }
        events.push(event);
    }
    write_query_results(query_name, Results::Events(&events), version)
        .map_err(|faults| unsayable(found, &faults).about(query_name))
}

/// What XML cannot say, with the ids of the events that it is in: the caller can ask for the others.
fn unsayable(found: &[Logged], faults: &[epcis::Fault]) -> Fault {
    let mut ids: Vec<&str> = Vec::new();
    for fault in faults {
        let place = fault.path.strip_prefix("/epcisBody/eventList/").unwrap_or_default();
        let number = place.split('/').next().and_then(|number| number.parse::<usize>().ok());
        let id = number.and_then(|number| found.get(number)).map(|one| one.event_id.as_str());
        ids.extend(id.filter(|id| !ids.contains(id)));
    }
    Fault::of_faults(Exception::Implementation, faults).naming(&ids)
}

pub(super) fn too_large(query_name: &str, most: u64) -> Fault {
    Fault::new(
        Exception::QueryTooLarge,
        format!("Kết quả có hơn {most} mục; hãy hỏi hẹp hơn."),
        format!("There are more than {most} results; ask for less."),
    )
    .about(query_name)
}
