//! The one door of the log. Whoever says that something happened, by a step card, by a program or
//! by an import, says it here: rights and rules are judged, then the events are appended in one
//! commit. An event is never changed; whoever erred declares the error and says it again.

pub(crate) mod described;
pub mod extension;
pub mod jobs;
pub mod known;
pub mod problem;
pub mod receive;
pub mod rules;
pub mod views;

use std::collections::HashSet;

use axum::http::Method;
use epcis::{Action, Document, Event, EventKind, Posting, Role};
use sha2::{Digest, Sha256};
use store::{Appended, Logged, NewEvent, Seq, Tx};

use crate::app::{App, Micros};
use crate::identity::key::Right;
use crate::lots::Lot;
use crate::masterdata;
use crate::organisations;
use crate::query::negotiate::discoverable;
use crate::shared::guard::{Access, Routes};
use crate::shared::{Fail, L};
use known::Known;

const SEND: Access = Access::Key(Right::Capture);

pub fn routes(routes: Routes) -> Routes {
    let (every, job) = ("/epcis/capture", "/epcis/capture/{job}");
    let routes = routes
        .api(Method::POST, every, SEND, described::document(), receive::document)
        .api(Method::GET, every, SEND, described::jobs(), jobs::list)
        .api(Method::OPTIONS, every, Access::Public, described::options(), receive::options)
        .api(Method::GET, job, SEND, described::job(), jobs::one)
        .api(Method::POST, "/epcis/events", SEND, described::event(), receive::event);
    discoverable(routes, job, "OPTIONS, GET", "jobOptions")
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// The organisation whose word it is.
    pub organisation: i64,
    /// The account that typed it; 0 where a program sent it.
    pub account: i64,
    /// Who answers for it: that account, or the one that made the program's key.
    pub made_by: i64,
}

/// What becomes of a batch of which one event is refused (`GS1-Capture-Error-Behaviour`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    Rollback,
    Proceed,
}

impl OnError {
    pub fn code(self) -> &'static str {
        match self {
            OnError::Rollback => "rollback",
            OnError::Proceed => "proceed",
        }
    }
}

/// Why one event was not taken. Rules have stable names; sentences stand in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the batch, from 0.
    pub index: usize,
    pub rule: &'static str,
    /// Where in the event: `/readPoint/id`.
    pub path: &'static str,
    pub vi: String,
    pub en: String,
}

impl Refused {
    pub fn sentence(&self, l: L) -> &str {
        l.t(&self.vi, &self.en)
    }
}

/// One event that is in the log now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub index: usize,
    pub seq: Seq,
    pub event_id: String,
    /// It was there before, the same; nothing was written.
    pub duplicate: bool,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub kept: Vec<Kept>,
    /// Empty unless asked to proceed past errors.
    pub refused: Vec<Refused>,
}

impl Outcome {
    /// How many events are new.
    pub fn stored(&self) -> usize {
        self.kept.len() - self.duplicates()
    }

    /// How many were in the log before.
    pub fn duplicates(&self) -> usize {
        self.kept.iter().filter(|kept| kept.duplicate).count()
    }
}

/// Why a batch was not taken; nothing of it is in the log.
#[derive(Debug, Clone)]
pub enum Refusal {
    Faults(Vec<Refused>),
    Fail(Fail),
}

impl<E: Into<Fail>> From<E> for Refusal {
    fn from(error: E) -> Refusal {
        Refusal::Fail(error.into())
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Fail(fail) => fail.fmt(f),
            Refusal::Faults(faults) => {
                let sentences: Vec<String> =
                    faults.iter().map(|one| format!("event {}: {}", one.index, one.en)).collect();
                f.write_str(&sentences.join("; "))
            }
        }
    }
}

impl Refusal {
    /// As a failure of a page that has no field to put it at: the first sentence.
    pub fn into_fail(self) -> Fail {
        match self {
            Refusal::Fail(fail) => fail,
            Refusal::Faults(faults) => match faults.into_iter().next() {
                Some(first) => Fail::refused(first.vi, first.en),
                None => Fail::internal("a refusal without a fault"),
            },
        }
    }
}

/// An event as somebody said it, with the identifiers it is found by: to make them canonical costs as
/// much as reading the event, so it is done once.
pub(crate) struct Said {
    event: Event,
    postings: Vec<Posting>,
}

impl Said {
    fn all(events: Vec<Event>) -> Vec<Said> {
        let said = |mut event: Event| {
            event.ensure_id();
            let postings = event.postings();
            Said { event, postings }
        };
        events.into_iter().map(said).collect()
    }

    /// The identifiers in one role.
    fn ids(&self, role: Role) -> impl Iterator<Item = &str> {
        self.postings
            .iter()
            .filter(move |posting| posting.role == role)
            .map(|posting| posting.id.as_str())
    }
}

/// Takes one event into the log. It needs no transaction of its own unless lots of ours are in it: it
/// shares the commit of all who wait.
///
/// # Errors
/// [`Refusal::Faults`] where the event breaks a rule; [`Refusal::Fail`] where the organisation is not
/// accepted or the database does not answer.
pub async fn capture(app: &App, caller: &Caller, event: Event) -> Result<Outcome, Refusal> {
    organisations::accepted(app, caller.organisation).await?;
    let said = Said::all(vec![event]);
    let known = Known::gather(app, caller, &said, &[]).await?;
    if known.has_lots() {
        let mut tx = app.store.begin().await?;
        let outcome = within(app, &mut tx, caller, &known, said, OnError::Rollback).await;
        match &outcome {
            Ok(_) => tx.commit().await?,
            Err(_) => tx.rollback().await?,
        }
        return outcome;
    }
    let batch = judged(app, caller, &known, said, OnError::Rollback).await?;
    let appended = app.store.append(batch.events).await?;
    finish(batch.marks, appended, batch.refused, OnError::Rollback)
}

/// Takes a document into the log, with its master data and the record of its job in the same commit; the job's id and what
/// became of the events. Where nothing is taken the record stands alone.
///
/// # Errors
/// [`Refusal::Fail`] only: what rules refuse is told by the outcome.
pub async fn capture_document(
    app: &App,
    caller: &Caller,
    document: Document,
    on_error: OnError,
) -> Result<(String, Outcome), Fail> {
    let (kind, events) = (document.kind, document.events.len());
    let job = jobs::Job { id: jobs::new_id(app), started: app.now(), on_error, kind, events };
    organisations::accepted(app, caller.organisation).await?;
    let said = Said::all(document.events);
    let known = Known::gather(app, caller, &said, &[]).await?;
    // What is judged without a look at the ledgers of lots is judged before the transaction, which others wait for.
    let (before, said) = if known.has_lots() {
        (None, said)
    } else {
        (Some(judged(app, caller, &known, said, on_error).await), Vec::new())
    };
    let mut tx = app.store.begin().await?;
    masterdata::record(&mut tx, caller, &job.id, &document.master_data, job.started).await?;
    let outcome = match before {
        None => within(app, &mut tx, caller, &known, said, on_error).await,
        Some(Ok(batch)) => append_in(&mut tx, batch, on_error).await,
        Some(Err(refusal)) => Err(refusal),
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(refusal) => {
            tx.rollback().await?;
            let Refusal::Faults(refused) = refusal else { return Err(refusal.into_fail()) };
            tx = app.store.begin().await?;
            Outcome { kept: Vec::new(), refused }
        }
    };
    jobs::write(app, &mut tx, caller.organisation, &job, &outcome).await?;
    tx.commit().await?;
    Ok((job.id, outcome))
}

/// As [`capture`], all or nothing, within a transaction that also writes to the register; `opened`
/// are lots that it opened itself. The caller commits at once, or rolls back on a refusal.
pub async fn capture_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    events: Vec<Event>,
    opened: &[Lot],
) -> Result<Outcome, Refusal> {
    organisations::accepted(app, caller.organisation).await?;
    let said = Said::all(events);
    let known = Known::gather(app, caller, &said, opened).await?;
    within(app, tx, caller, &known, said, OnError::Rollback).await
}

async fn within(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    known: &Known,
    said: Vec<Said>,
    on_error: OnError,
) -> Result<Outcome, Refusal> {
    known.lock(tx).await?;
    let batch = judged(app, caller, known, said, on_error).await?;
    append_in(tx, batch, on_error).await
}

async fn append_in(tx: &mut Tx, batch: Batch, on_error: OnError) -> Result<Outcome, Refusal> {
    let appended = tx.append(batch.events).await?;
    finish(batch.marks, appended, batch.refused, on_error)
}

/// What may be appended of a batch, and what may not.
struct Batch {
    /// Place in the batch and id of each of `events`.
    marks: Vec<(usize, String)>,
    events: Vec<NewEvent>,
    refused: Vec<Refused>,
}

/// Sorts the events that may be appended from those that may not.
async fn judged(
    app: &App,
    caller: &Caller,
    known: &Known,
    said: Vec<Said>,
    on_error: OnError,
) -> Result<Batch, Refusal> {
    let refused = rules::judge(app, caller, known, &said).await?;
    if on_error == OnError::Rollback && !refused.is_empty() {
        return Err(Refusal::Faults(refused));
    }
    let now = app.now();
    let out: HashSet<usize> = refused.iter().map(|one| one.index).collect();
    let (mut marks, mut events) = (Vec::new(), Vec::new());
    for (index, one) in said.into_iter().enumerate().filter(|(index, _)| !out.contains(index)) {
        let event = as_new(one, caller.organisation, now);
        marks.push((index, event.event_id.clone()));
        events.push(event);
    }
    Ok(Batch { marks, events, refused })
}

fn finish(
    marks: Vec<(usize, String)>,
    appended: Vec<Appended>,
    mut refused: Vec<Refused>,
    on_error: OnError,
) -> Result<Outcome, Refusal> {
    let mut kept = Vec::with_capacity(marks.len());
    for ((index, event_id), appended) in marks.into_iter().zip(appended) {
        match appended {
            Appended::Stored(seq) | Appended::Duplicate(seq) => {
                let duplicate = matches!(appended, Appended::Duplicate(_));
                kept.push(Kept { index, seq, event_id, duplicate });
            }
            Appended::Conflict(_) => refused.push(Refused {
                index,
                rule: "event.id.conflict",
                path: "/eventID",
                vi: "Đã có một sự kiện khác mang mã này. Sự kiện đã ghi không sửa được; hãy khai báo sai sót rồi ghi sự kiện mới."
                    .to_owned(),
                en: "Another event bears this id. A recorded event is never changed: declare the error and send a new event."
                    .to_owned(),
            }),
        }
    }
    if on_error == OnError::Rollback && !refused.is_empty() {
        return Err(Refusal::Faults(refused));
    }
    refused.sort_by_key(|one| one.index);
    Ok(Outcome { kept, refused })
}

/// The key of an error declaration in the log: it bears the id of the event it declares, so it
/// needs one of its own. The same declaration has the same key.
fn declaration_key(event_id: &str, declared: Micros) -> String {
    format!("{event_id}#error-{declared}")
}

fn as_new(said: Said, owner: i64, now: Micros) -> NewEvent {
    let place = |role| said.ids(role).next().map(str::to_owned);
    let (read_point, biz_location) = (place(Role::ReadPoint), place(Role::BizLocation));
    let Said { mut event, postings } = said;
    // The time of recording is ours to say; it stands in a column, so that the same event sent
    // again has the same bytes.
    event.record_time = None;
    let body = event.stored();
    let id = event.event_id.clone().unwrap_or_default();
    let declared = event.error_declaration.as_ref().map(|error| error.declaration_time.micros);
    NewEvent {
        owner,
        event_id: declared.map_or_else(|| id.clone(), |at| declaration_key(&id, at)),
        kind: kind_code(event.kind),
        action: event.action.map_or(0, action_code),
        event_time: event.event_time.micros,
        offset_minutes: i64::from(event.event_time.offset_minutes),
        record_time: now,
        biz_step: event.biz_step,
        disposition: event.disposition,
        read_point,
        biz_location,
        corrects: declared.map(|_| id),
        hash: Sha256::digest(&body).to_vec(),
        postings: coded(postings),
        body,
    }
}

fn coded(postings: Vec<Posting>) -> Vec<(i64, String)> {
    postings.into_iter().map(|posting| (i64::from(posting.role.code()), posting.id)).collect()
}

/// The number under which the log keeps an event type. Stored; never changes.
pub fn kind_code(kind: EventKind) -> i64 {
    match kind {
        EventKind::Object => 1,
        EventKind::Aggregation => 2,
        EventKind::Transaction => 3,
        EventKind::Transformation => 4,
        EventKind::Association => 5,
    }
}

/// The number under which the log keeps an action. Stored; never changes.
pub fn action_code(action: Action) -> i64 {
    match action {
        Action::Add => 1,
        Action::Observe => 2,
        Action::Delete => 3,
    }
}

/// By what an event of the log must be found; `None` if its body cannot be read. For `store::fsck`.
pub fn postings_of(logged: &Logged) -> Option<Vec<(i64, String)>> {
    epcis::read_stored(&logged.body).ok().map(|event| coded(event.postings()))
}

/// How events name an organisation as a party.
pub fn party_uri(organisation: i64) -> String {
    format!("urn:nguon:party:{organisation}")
}

/// The organisation of such a name.
pub fn organisation_of_party(uri: &str) -> Option<i64> {
    uri.strip_prefix("urn:nguon:party:")?.parse().ok()
}
