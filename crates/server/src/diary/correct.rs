//! Correcting a step: the old event is declared in error and, where it happened otherwise, a new one
//! says it rightly. Both are appended together; the old one stays in the log for ever.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use epcis::{ErrorDeclaration, Event, EventTime};
use store::Seq;

use super::build::{Step, Target, step_of};
use super::cards::{Card, Shape, card};
use super::fields::{self, Fields};
use super::form;
use super::{lot_of, state_with, step};
use crate::app::App;
use crate::capture::{Caller, Refusal, capture_in};
use crate::lots::ledger::{self, read};
use crate::lots::{self, Lot};
use crate::shared::Fail;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::text::OFFSET_MINUTES;
use crate::{organisations, places};

/// Why a step is declared in error (CBV 2.0 §7.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    DidNotOccur,
    IncorrectData,
}

impl Reason {
    pub fn code(self) -> &'static str {
        match self {
            Reason::DidNotOccur => "did_not_occur",
            Reason::IncorrectData => "incorrect_data",
        }
    }
}

/// Declares a step in error and, for incorrect data, records the right one in the same commit.
/// Returns the number of the new step, if there is one.
///
/// # Errors
/// `NotFound` where the event is not the organisation's own step of this lot, or is declared in
/// error already; the faults of the new step otherwise, with nothing stored.
pub async fn correct(
    app: &App,
    actor: i64,
    org: i64,
    lot: i64,
    seq: i64,
    reason: Reason,
    replacement: Option<&Step>,
) -> Result<Option<Seq>, Refusal> {
    let lot = lot_of(app, org, lot).await?;
    let wrong = own_event(app, org, &lot, seq).await?;
    let replacement = replacement.filter(|_| reason == Reason::IncorrectData);
    let new_id =
        replacement.map(|step| step.event_id.clone().unwrap_or_else(|| step::draw_event_id(app)));
    let declared = wrong.declare_error(ErrorDeclaration {
        declaration_time: EventTime { micros: app.now(), offset_minutes: OFFSET_MINUTES },
        reason: Some(reason.code().to_owned()),
        corrective_event_ids: new_id.iter().cloned().collect(),
        extensions: Vec::new(),
    });
    let mut tx = app.store.begin().await?;
    let done = if let (Some(step), Some(id)) = (replacement, &new_id) {
        let pictures = crate::capture::extension::numbers(&wrong, "pictures");
        step::write_again(app, &mut tx, actor, org, lot.id, step, id, pictures, vec![declared])
            .await
            .map(|saved| Some(saved.seq))
    } else {
        let caller = Caller { organisation: org, account: actor, made_by: actor };
        capture_in(app, &mut tx, &caller, vec![declared], &[]).await.map(|_| None)
    };
    match done {
        Ok(seq) => {
            tx.commit().await?;
            Ok(seq)
        }
        Err(refusal) => {
            tx.rollback().await?;
            Err(refusal)
        }
    }
}

/// An event of the organisation about the lot that stands.
async fn own_event(app: &App, org: i64, lot: &Lot, seq: i64) -> Result<Event, Fail> {
    let found = ledger::live_at(app, &[Seq(seq)]).await?;
    let logged = found.into_iter().find(|one| one.owner == org).ok_or(Fail::NotFound)?;
    let event = read(&logged)?;
    if event.postings().iter().any(|posting| posting.id == lot.item) {
        Ok(event)
    } else {
        Err(Fail::NotFound)
    }
}

/// The step of an event with its lots and its place found again.
async fn filled_in(app: &App, org: i64, event: &Event) -> Result<Option<Step>, Fail> {
    let Some(mut step) = step_of(event) else { return Ok(None) };
    let place =
        event.read_point.as_ref().map(|place| epcis::canonical(&place.id)).unwrap_or_default();
    let own = places::all_of(app, org).await?;
    step.place =
        own.iter().find(|one| epcis::canonical(&one.uri()) == place).map_or(0, |place| place.id);
    for quantity in &event.input_quantity_list {
        if let (Some(lot), Some(amount)) =
            (lots::by_item(app, &quantity.epc_class).await?, quantity.quantity)
        {
            step.inputs.push((lot.id, amount));
        }
    }
    for quantity in &event.output_quantity_list {
        if let (Some(lot), Some(amount)) =
            (lots::by_item(app, &quantity.epc_class).await?, quantity.quantity)
        {
            step.outputs.push((Target::Lot(lot.id), amount));
        }
    }
    Ok(Some(step))
}

#[derive(Template)]
#[template(path = "diary/correct.html")]
struct CorrectPage {
    page: Page,
    base: String,
    lot: Lot,
    /// The step's heading.
    title: String,
    /// The fields to say it rightly; none where a program wrote the event.
    fields: Option<Fields>,
    reasons: Vec<Choice>,
    f: Entered,
}

async fn render(
    app: &App,
    visit: &Visit,
    org: i64,
    lot: Lot,
    event: &Event,
    f: Entered,
) -> Result<CorrectPage, Fail> {
    let l = visit.l;
    let card = card_of(event);
    let fields = match card {
        Some(card) => {
            Some(Fields::load(app, l, org, card, &state_with(app, &lot.item, org).await?).await?)
        }
        None => None,
    };
    let mut reasons = vec![(
        "did_not_occur".to_owned(),
        l.t("Việc này không xảy ra", "It did not happen").to_owned(),
    )];
    if fields.is_some() {
        let words = l.t("Việc có thật nhưng ghi sai", "It happened, but was recorded wrongly");
        reasons.insert(0, ("incorrect_data".to_owned(), words.to_owned()));
    }
    let name = organisations::name(app, org).await?;
    let words = super::words::describe(event, &super::words::Names::default());
    Ok(CorrectPage {
        page: Page::of_organisation(visit, l.t("Sửa bước đã ghi", "Correct a step"), org, &name),
        base: format!("/org/{org}/lots/{}", lot.id),
        title: l.t(&words.title_vi, &words.title_en).to_owned(),
        lot,
        fields,
        reasons,
        f,
    })
}

fn card_of(event: &Event) -> Option<&'static Card> {
    card(&crate::capture::extension::text(event, "card")?)
}

/// `GET /org/{org}/lots/{lot}/events/{seq}/correct`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let lot = lot_of(&app, org, ids.get("lot")?).await?;
    let event = own_event(&app, org, &lot, ids.get("seq")?).await?;
    let mut f = Entered::default();
    if let Some(step) = filled_in(&app, org, &event).await? {
        fields::fill(&mut f, &step, visit.l);
    }
    f.set("event", step::draw_event_id(&app));
    show(&render(&app, &visit, org, lot, &event, f).await?)
}

/// `POST /org/{org}/lots/{lot}/events/{seq}/correct`
pub async fn submit(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let lot = lot_of(&app, org, ids.get("lot")?).await?;
    let (id, back) = (lot.id, format!("/org/{org}/lots/{}?done=corrected", lot.id));
    if let Some(sent) = form::event_id(&form)
        && app.store.event(Some(org), &sent).await?.is_some()
    {
        // The same form came twice.
        return Ok(go(&back));
    }
    let event = own_event(&app, org, &lot, ids.get("seq")?).await?;
    let reason = match form.choice("reason", &["incorrect_data", "did_not_occur"]).as_str() {
        "did_not_occur" => Reason::DidNotOccur,
        _ => Reason::IncorrectData,
    };
    let mut replacement = None;
    if reason == Reason::IncorrectData
        && let Some(card) = card_of(&event)
    {
        let mut step = fields::read(&mut form, card, &visit, org);
        if card.shape == Shape::Arrive && step.shipment.is_empty() {
            step.shipment = step_of(&event).map(|old| old.shipment).unwrap_or_default();
        }
        replacement = Some(step);
    }
    if form.sound() {
        match correct(&app, visit.actor()?, org, id, ids.get("seq")?, reason, replacement.as_ref())
            .await
        {
            Ok(_) => return Ok(go(&back)),
            Err(refusal) => form::put_faults(&mut form, refusal)?,
        }
    }
    show_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &render(&app, &visit, org, lot, &event, form.entered).await?,
    )
}
