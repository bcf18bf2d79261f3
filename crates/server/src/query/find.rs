//! Walking the log for a query: page by page of what the indexes give, each event judged by the
//! meaning of the query, until the page asked for is full or enough has been read for one answer.

use epcis::query::{Judge, OrderBy};
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
/// Work after which others have their turn.
const TURN: usize = 1 << 20;
/// Events that are sorted by a field of theirs at most, and their bytes.
const MOST_SORTED: usize = 5_000;
const SORTED_BYTES: usize = 64 << 20;

/// What one answer may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Events read. A query that few events fit is answered with short pages and a link.
    pub events: usize,
    /// What judging them costs: their bytes, times the conditions that each look at all of an event.
    pub work: usize,
    /// Bytes of the events of one page; a single event may be larger.
    pub page_bytes: usize,
}

impl Bounds {
    pub const USUAL: Bounds = Bounds { events: 20_000, work: 256 << 20, page_bytes: 16 << 20 };
}

/// What a query found.
pub enum Found {
    Page {
        events: Vec<Logged>,
        next: Option<String>,
    },
    /// More than `maxEventCount`, or than can be sorted.
    TooMany(u32),
    /// More would have to be read than is read for one answer, before it is known how many answer.
    TooMuch,
    /// The token belongs to another query.
    BadToken,
}

/// The next page of the events that an organisation may see and that answer a query.
pub async fn find(app: &App, reader: i64, asked: &Query) -> Result<Found, Fail> {
    find_within(app, reader, asked, Bounds::USUAL).await
}

/// The same within bounds of the caller's.
pub async fn find_within(
    app: &App,
    reader: i64,
    asked: &Query,
    bounds: Bounds,
) -> Result<Found, Fail> {
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
        let walk = Walk::new(query, filter, bounds);
        return sorted(app, walk, asked, reader, given).await;
    }
    if let Some(most) = query.max_event_count.filter(|_| query.next_page_token.is_none())
        && let Some(refused) =
            more_than(app, Walk::new(query, filter.clone(), bounds), most).await?
    {
        return Ok(refused);
    }
    let wanted = wanted(query, given);
    if wanted == 0 {
        return Ok(Found::Page { events: Vec::new(), next: None });
    }
    let Walked { events, next, .. } =
        walk(app, Walk::new(query, filter, bounds), wanted, bounds.page_bytes).await?;
    let given = given + events.len() as u64;
    let next = next
        .filter(|_| query.event_count_limit.is_none_or(|limit| given < u64::from(limit)))
        .map(|at| token::write(Place { at, upto, given }, asked, reader));
    Ok(Found::Page { events, next })
}

/// The refusal where more events answer than `maxEventCount`, or where that cannot be said.
async fn more_than(app: &App, mut walk: Walk<'_>, most: u32) -> Result<Option<Found>, Fail> {
    let mut count = 0;
    loop {
        match walk.step(app, 1_000).await? {
            Step::Events(events) => count += events.len(),
            Step::End => return Ok(None),
            Step::Enough => return Ok(Some(Found::TooMuch)),
        }
        if count > most as usize {
            return Ok(Some(Found::TooMany(most)));
        }
    }
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
    mut along: Walk<'_>,
    asked: &Query,
    reader: i64,
    given: u64,
) -> Result<Found, Fail> {
    let query = along.query;
    let upto = along.filter.upto.unwrap_or_default();
    let last = along.filter.after.take();
    let Walked { events, next, enough } = walk(app, along, MOST_SORTED, SORTED_BYTES).await?;
    let most = query.max_event_count.map_or(MOST_SORTED, |most| most as usize);
    if enough && events.len() <= most {
        return Ok(Found::TooMuch);
    }
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
    let Walked { events, next, .. } =
        walk(app, Walk::new(query, filter, Bounds::USUAL), most, Bounds::USUAL.page_bytes).await?;
    Ok((events, next.map_or(upto, |next| next.seq)))
}

/// Events found, and where to go on if there may be more.
struct Walked {
    events: Vec<Logged>,
    next: Option<Token>,
    /// The walk ended because enough was read for one answer.
    enough: bool,
}

/// At most `wanted` matching events of at most so many bytes, or one that has more.
async fn walk(
    app: &App,
    mut walk: Walk<'_>,
    wanted: usize,
    most_bytes: usize,
) -> Result<Walked, Fail> {
    let sort_by = walk.filter.sort_by;
    let (mut events, mut bytes): (Vec<Logged>, usize) = (Vec::new(), 0);
    let behind = |events: Vec<Logged>| {
        let next = events.last().map(|last| place_of(last, sort_by));
        Walked { events, next, enough: false }
    };
    loop {
        let found = match walk.step(app, wanted - events.len()).await? {
            Step::Events(found) => found,
            Step::End => return Ok(Walked { events, next: None, enough: false }),
            Step::Enough => return Ok(Walked { events, next: walk.filter.after, enough: true }),
        };
        for logged in found {
            bytes += logged.body.len();
            if events.len() == wanted || (bytes > most_bytes && !events.is_empty()) {
                // One too many: the next page begins behind the last that has room.
                return Ok(behind(events));
            }
            events.push(logged);
        }
        if events.len() == wanted && !walk.ended {
            return Ok(behind(events));
        }
    }
}

/// A walk along the log, page by page of what its indexes give.
struct Walk<'q> {
    query: &'q Query,
    judge: Judge<'q>,
    filter: Filter,
    bounds: Bounds,
    seen: usize,
    work: usize,
    ended: bool,
}

/// What a step of a walk gave.
enum Step {
    /// Events that answer; maybe none.
    Events(Vec<Logged>),
    /// There is no more.
    End,
    /// There may be more, and enough has been read for one answer.
    Enough,
}

impl<'q> Walk<'q> {
    fn new(query: &'q Query, mut filter: Filter, bounds: Bounds) -> Walk<'q> {
        filter.bytes = Some(bounds.page_bytes);
        Walk { query, judge: query.judge(), filter, bounds, seen: 0, work: 0, ended: false }
    }

    /// Reads and judges a page, of about as many events as are still wanted.
    async fn step(&mut self, app: &App, wanted: usize) -> Result<Step, Fail> {
        if self.ended {
            return Ok(Step::End);
        }
        if self.seen >= self.bounds.events || self.work >= self.bounds.work {
            return Ok(Step::Enough);
        }
        let unread = self.bounds.events - self.seen;
        self.filter.limit = wanted.clamp(30, 1_000).min(unread);
        let page = page_of(app, &self.filter, self.query).await?;
        self.ended = page.next.is_none();
        self.filter.after = page.next.or(self.filter.after);
        self.seen += page.events.len();
        let (mut found, mut turn) = (Vec::new(), 0);
        for logged in page.events {
            turn += logged.body.len() * self.judge.weight();
            if turn >= TURN {
                self.work += std::mem::take(&mut turn);
                tokio::task::yield_now().await;
            }
            if self.judge.matches(&understood(&logged)?) {
                found.push(logged);
            }
        }
        self.work += turn;
        Ok(Step::Events(found))
    }
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
    let key = |token: Token| (token.sort, token.seq);
    // Behind the place where the shorter of the two ends, the other one's events come too early.
    let ends = [said.next, declared.next].into_iter().flatten().map(key);
    let end = if filter.descending { ends.max() } else { ends.min() };
    let within = |one: &Logged| {
        let at = key(place_of(one, filter.sort_by));
        end.is_none_or(|end| if filter.descending { at >= end } else { at <= end })
    };
    let mut events = said.events;
    events.extend(declared.events);
    events.retain(within);
    events.sort_by_key(|one| key(place_of(one, filter.sort_by)));
    if filter.descending {
        events.reverse();
    }
    let more = end.is_some() || events.len() > filter.limit;
    events.truncate(filter.limit);
    let next = events.last().filter(|_| more).map(|last| place_of(last, filter.sort_by));
    Ok(Page { events, next })
}
