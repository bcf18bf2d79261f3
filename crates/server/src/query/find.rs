//! Walking the log for a query: page by page of what the indexes give, each event judged by the
//! meaning of the query, until the page asked for is full or enough has been read for one answer.

use epcis::Query;
use store::{Filter, Logged, Page, Seq, SortBy, Token};

use super::filter::of_query;
use super::token::{self, Place};
use crate::app::App;
use crate::lots::ledger::read;
use crate::shared::Fail;
use crate::sight;

/// Events a page where none is asked.
const PER_PAGE: usize = 30;
/// Events read for one answer. A query that few events fit is answered with short pages and a link.
const MOST_READ: usize = 20_000;

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
pub async fn find(app: &App, reader: i64, query: &Query) -> Result<Found, Fail> {
    let mut filter = of_query(query, sight::of(app, reader).await?);
    let mut given = 0;
    match &query.next_page_token {
        Some(text) => {
            let Some(place) = token::read(text, query, reader) else { return Ok(Found::BadToken) };
            filter.after = Some(place.at);
            filter.upto = Some(place.upto);
            given = place.given;
        }
        None => filter.upto = Some(app.store.head().await?),
    }
    let upto = filter.upto.unwrap_or_default();
    if let Some(most) = query.max_event_count.filter(|_| query.next_page_token.is_none()) {
        let (events, next) = walk(app, filter.clone(), query, most as usize + 1).await?;
        if events.len() > most as usize || next.is_some() {
            return Ok(Found::TooMany(most));
        }
    }
    let mut wanted = query.per_page.map_or(PER_PAGE, |count| count as usize);
    if let Some(limit) = query.event_count_limit {
        wanted = wanted.min((u64::from(limit).saturating_sub(given)) as usize);
    }
    if wanted == 0 {
        return Ok(Found::Page { events: Vec::new(), next: None });
    }
    let (events, next) = walk(app, filter, query, wanted).await?;
    let given = given + events.len() as u64;
    let next = next
        .filter(|_| query.event_count_limit.is_none_or(|limit| given < u64::from(limit)))
        .map(|at| token::write(Place { at, upto, given }, query, reader));
    Ok(Found::Page { events, next })
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
    let upto = upto.min(app.store.cursor(sight::CURSOR).await?);
    if upto <= after {
        return Ok((Vec::new(), after));
    }
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
    let mut event = read(logged)?;
    event.record_time = Some(super::record_time(logged));
    Ok(query.matches(&event))
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
