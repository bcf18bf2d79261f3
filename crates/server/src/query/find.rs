//! Walking the log for a query: page by page of what the indexes give, each event judged by the
//! meaning of the query, until the page asked for is full or enough has been read for one answer.

use epcis::query::OrderBy;
use epcis::{Event, Query};
use store::{Filter, Logged, Page, Seq, SortBy, Token};

use super::filter::of_query;
use super::token::{self, Place};
use crate::app::App;
use crate::lots::ledger::read;
use crate::masterdata;
use crate::shared::Fail;
use crate::sight;

/// Events a page where none is asked.
const PER_PAGE: usize = 30;
/// Events read for one answer. A query that few events fit is answered with short pages and a link.
const MOST_READ: usize = 20_000;
/// Events that are sorted by a field of theirs at most.
const MOST_SORTED: usize = 5_000;

/// What a query found.
pub enum Found {
    Page {
        events: Vec<Logged>,
        next: Option<String>,
    },
    /// More than `maxEventCount`.
    TooMany(u32),
    /// The token belongs to another query.
    BadToken,
}

/// The next page of the events that an organisation may see and that answer a query.
pub async fn find(app: &App, reader: i64, asked: &Query) -> Result<Found, Fail> {
    let query = &*masterdata::filled(app, reader, asked).await?;
    let mut filter = of_query(query, sight::of(app, reader).await?);
    let mut given = 0;
    match &asked.next_page_token {
        Some(text) => {
            let Some(place) = token::read(text, asked, reader) else { return Ok(Found::BadToken) };
            filter.after = Some(place.at);
            filter.upto = Some(place.upto);
            given = place.given;
        }
        None => filter.upto = Some(app.store.head().await?),
    }
    let upto = filter.upto.unwrap_or_default();
    if matches!(query.order_by, Some(OrderBy::Field(_))) {
        return sorted(app, filter, query, asked, reader, given).await;
    }
    if let Some(most) = query.max_event_count.filter(|_| query.next_page_token.is_none()) {
        let (events, next) = walk(app, filter.clone(), query, most as usize + 1).await?;
        if events.len() > most as usize || next.is_some() {
            return Ok(Found::TooMany(most));
        }
    }
    let wanted = wanted(query, given);
    if wanted == 0 {
        return Ok(Found::Page { events: Vec::new(), next: None });
    }
    let (events, next) = walk(app, filter, query, wanted).await?;
    let given = given + events.len() as u64;
    let next = next
        .filter(|_| query.event_count_limit.is_none_or(|limit| given < u64::from(limit)))
        .map(|at| token::write(Place { at, upto, given }, asked, reader));
    Ok(Found::Page { events, next })
}

/// How many events the next page has at most, after `given`.
fn wanted(query: &Query, given: u64) -> usize {
    let wanted = query.per_page.map_or(PER_PAGE, |count| count as usize);
    match query.event_count_limit {
        Some(limit) => wanted.min(u64::from(limit).saturating_sub(given) as usize),
        None => wanted,
    }
}

/// The next page in the order of a field that only the events themselves know: all that match are read and sorted anew for each
/// page, so there must not be too many.
async fn sorted(
    app: &App,
    mut filter: Filter,
    query: &Query,
    asked: &Query,
    reader: i64,
    given: u64,
) -> Result<Found, Fail> {
    let upto = filter.upto.unwrap_or_default();
    let last = filter.after.take();
    let (events, next) = walk(app, filter, query, MOST_SORTED).await?;
    let most = query.max_event_count.map_or(MOST_SORTED, |most| most as usize);
    if next.is_some() || events.len() > most {
        return Ok(Found::TooMany(most.try_into().unwrap_or(u32::MAX)));
    }
    let mut keyed = Vec::with_capacity(events.len());
    for logged in events {
        keyed.push((query.sort_key(&understood(&logged)?), logged));
    }
    keyed.sort_by(|(a, x), (b, y)| query.order(a, b).then(x.seq.cmp(&y.seq)));
    // Behind the last event of the page before; should it be out of sight by now, where it stood.
    let start = last.map_or(0, |last| {
        let place = keyed.iter().position(|(_, logged)| logged.seq == last.seq);
        place.map_or(usize::try_from(last.sort).unwrap_or(0), |place| place + 1)
    });
    let wanted = wanted(query, given);
    let page: Vec<Logged> =
        keyed.iter().skip(start).take(wanted).map(|(_, logged)| logged.clone()).collect();
    let given = given + page.len() as u64;
    let more = start + page.len() < keyed.len()
        && query.event_count_limit.is_none_or(|limit| given < u64::from(limit));
    let next = page.last().filter(|_| more).map(|last| {
        let sort = i64::try_from(start + page.len()).unwrap_or(i64::MAX);
        let at = Token { sort, seq: last.seq };
        token::write(Place { at, upto, given }, asked, reader)
    });
    Ok(Found::Page { events: page, next })
}

/// The matching events that an organisation may see and that came into the log after `after`, up to `upto`, in the
/// log's order and at most `most`; and how far the log has been read.
pub async fn since(
    app: &App,
    reader: i64,
    query: &Query,
    after: Seq,
    upto: Seq,
    most: usize,
) -> Result<(Vec<Logged>, Seq), Fail> {
    // What others said is seen once the view of it has come by.
    if app.store.cursor(sight::CURSOR).await? < upto {
        sight::catch_up(app).await?;
    }
    let query = &*masterdata::filled(app, reader, query).await?;
    let filter = Filter {
        after: Some(Token { sort: after.0, seq: after }),
        upto: Some(upto),
        sort_by: SortBy::Seq,
        descending: false,
        ..of_query(query, sight::of(app, reader).await?)
    };
    let (events, next) = walk(app, filter, query, most).await?;
    Ok((events, next.map_or(upto, |next| next.seq)))
}

/// At most `wanted` matching events, and where to go on if there may be more.
async fn walk(
    app: &App,
    mut filter: Filter,
    query: &Query,
    wanted: usize,
) -> Result<(Vec<Logged>, Option<Token>), Fail> {
    let mut found = Vec::new();
    let mut seen = 0;
    let sort_by = filter.sort_by;
    loop {
        filter.limit = (wanted - found.len()).clamp(30, 1_000);
        let page = page_of(app, &filter, query).await?;
        let next = page.next;
        seen += page.events.len();
        for logged in page.events {
            if !fits(query, &logged)? {
                continue;
            }
            found.push(logged);
            if found.len() > wanted {
                // One too many: the last of the page is where the next one begins.
                found.truncate(wanted);
                let last = found.last().map(|last| place_of(last, sort_by));
                return Ok((found, last));
            }
        }
        if next.is_none() {
            return Ok((found, None));
        }
        if found.len() == wanted {
            let last = found.last().map(|last| place_of(last, sort_by));
            return Ok((found, last));
        }
        if seen >= MOST_READ {
            return Ok((found, next));
        }
        filter.after = next;
    }
}

fn fits(query: &Query, logged: &Logged) -> Result<bool, Fail> {
    Ok(query.matches(&understood(logged)?))
}

fn understood(logged: &Logged) -> Result<Event, Fail> {
    let mut event = read(logged)?;
    event.record_time = Some(super::record_time(logged));
    Ok(event)
}

fn place_of(logged: &Logged, sort_by: SortBy) -> Token {
    let sort = match sort_by {
        SortBy::EventTime => logged.event_time,
        SortBy::RecordTime => logged.record_time,
        SortBy::Seq => logged.seq.0,
    };
    Token { sort, seq: logged.seq }
}

/// A page of the log. An id asked for is also borne by the declaration that its event is in error,
/// which the log keeps under a key of its own: both are looked for and merged.
async fn page_of(app: &App, filter: &Filter, query: &Query) -> Result<Page, Fail> {
    if query.event_ids.is_empty() {
        return Ok(app.store.events(filter).await?);
    }
    let said = Filter { event_ids: query.event_ids.clone(), ..filter.clone() };
    let declared = Filter { corrects: query.event_ids.clone(), ..filter.clone() };
    let (said, declared) = (app.store.events(&said).await?, app.store.events(&declared).await?);
    let more = said.next.is_some() || declared.next.is_some();
    let mut events = said.events;
    events.extend(declared.events);
    events.sort_by_key(|one| {
        let Token { sort, seq } = place_of(one, filter.sort_by);
        (sort, seq)
    });
    if filter.descending {
        events.reverse();
    }
    let more = more || events.len() > filter.limit;
    events.truncate(filter.limit);
    let next = events.last().filter(|_| more).map(|last| place_of(last, filter.sort_by));
    Ok(Page { events, next })
}
