//! What is on its way here: dispatches addressed to an organisation that it has not received yet,
//! each received with one tap; or by typing the code on the goods.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use epcis::Role;
use rust_decimal::Decimal;
use store::{Filter, SortBy};

use super::build::Step;
use super::{addresses, step};
use crate::app::{App, Micros};
use crate::capture::Refusal;
use crate::capture::rules::amount;
use crate::lots::ledger::{self, in_base, read};
use crate::lots::{self, Lot};
use crate::organisations;
use crate::places::{self, Place};
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, text};

/// A dispatch that is on its way.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub lot: Lot,
    /// Who sends it.
    pub from: String,
    pub sent_at: Micros,
    pub amount: Decimal,
    pub uom: String,
    pub shipment: String,
}

/// Dispatches addressed to an organisation and not received by it, newest first.
pub async fn incoming(app: &App, org: i64) -> Result<Vec<Incoming>, Fail> {
    let filter = Filter {
        biz_steps: vec!["shipping".to_owned()],
        ids: vec![(vec![i64::from(Role::Destination.code())], addresses(app, org).await?)],
        sort_by: SortBy::EventTime,
        descending: true,
        limit: 200,
        ..Filter::default()
    };
    let seqs: Vec<_> = app.store.events(&filter).await?.events.iter().map(|one| one.seq).collect();
    let mut sent = ledger::live_at(app, &seqs).await?;
    sent.sort_by_key(|one| std::cmp::Reverse((one.event_time, one.seq)));
    let received = received(app, org).await?;
    let mut waiting = Vec::new();
    for logged in sent.into_iter().filter(|logged| logged.owner != org) {
        let event = read(&logged)?;
        let shipment = event.biz_transaction_list.first().map(|one| one.id.clone()).unwrap_or_default();
        if shipment.is_empty() || received.contains(&shipment) {
            continue;
        }
        for quantity in &event.quantity_list {
            let (Some(lot), Some((uom, amount))) = (lots::by_item(app, &quantity.epc_class).await?, in_base(quantity)) else {
                continue;
            };
            let from = organisations::name(app, logged.owner).await?;
            waiting.push(Incoming { lot, from, sent_at: logged.event_time, amount, uom, shipment: shipment.clone() });
        }
    }
    Ok(waiting)
}

async fn received(app: &App, org: i64) -> Result<HashSet<String>, Fail> {
    let filter = Filter {
        owner: Some(org),
        biz_steps: vec!["receiving".to_owned()],
        sort_by: SortBy::EventTime,
        descending: true,
        limit: 1_000,
        ..Filter::default()
    };
    let mut shipments = HashSet::new();
    for logged in ledger::live(app.store.events(&filter).await?.events) {
        shipments.extend(read(&logged)?.biz_transaction_list.into_iter().map(|one| one.id));
    }
    Ok(shipments)
}

/// A receipt as filled in.
#[derive(Debug, Clone, Default)]
pub struct Receipt {
    /// Trace code, link or lot number.
    pub lot: String,
    /// The dispatch it answers, if one is named.
    pub shipment: String,
    pub amount: Decimal,
    pub uom: String,
    pub place: i64,
    pub time: Micros,
    pub event_id: Option<String>,
    pub note: String,
    pub office: String,
}

/// Receives goods of a lot; where exactly one dispatch of that lot is on its way, it is that one.
pub async fn receive(app: &App, actor: i64, org: i64, receipt: &Receipt) -> Result<step::Saved, Refusal> {
    let Some(lot) = lots::named(app, &receipt.lot).await? else {
        return Err(Refusal::Fail(Fail::refused(
            "Không tìm thấy lô nào mang mã này. Kiểm tra lại từng ký tự của mã trên hàng.",
            "No lot bears this code. Check each character of the code on the goods.",
        )));
    };
    let mut shipment = receipt.shipment.clone();
    if shipment.is_empty() {
        let all = incoming(app, org).await?;
        let fitting: Vec<&Incoming> = all.iter().filter(|one| one.lot.id == lot.id).collect();
        if let [only] = fitting.as_slice() {
            shipment.clone_from(&only.shipment);
        }
    }
    let step = Step {
        card: "receive".to_owned(),
        event_id: receipt.event_id.clone(),
        time: receipt.time,
        place: receipt.place,
        amount: Some(receipt.amount),
        uom: receipt.uom.clone(),
        shipment,
        note: receipt.note.clone(),
        office: receipt.office.clone(),
        ..Step::default()
    };
    step::record(app, actor, org, lot.id, &step, Vec::new()).await
}

struct Row {
    lot: Lot,
    from: String,
    when: String,
    amount: String,
    value: String,
    uom: String,
    shipment: String,
    event: String,
}

#[derive(Template)]
#[template(path = "diary/incoming.html")]
struct IncomingPage {
    page: Page,
    base: String,
    rows: Vec<Row>,
    places: Vec<Choice>,
    first_place: i64,
    today: String,
    now: String,
    f: Entered,
}

pub(super) fn place_choices(places: &[Place]) -> Vec<Choice> {
    places.iter().map(|place| (place.id.to_string(), place.name.clone())).collect()
}

async fn render(app: &App, visit: &Visit, org: i64, mut f: Entered) -> Result<IncomingPage, Fail> {
    let name = organisations::name(app, org).await?;
    let own = places::of_organisation(app, org).await?;
    let mut rows = Vec::new();
    for one in incoming(app, org).await? {
        rows.push(Row {
            when: text::day(&visit.l, &one.sent_at),
            amount: amount(one.amount, &one.uom, visit.l.0),
            value: step::shown(one.amount, visit.l.0),
            event: step::draw_event_id(app),
            lot: one.lot,
            from: one.from,
            uom: one.uom,
            shipment: one.shipment,
        });
    }
    let (today, now) = super::form::now_fields(app.now());
    if f.value("event").is_empty() {
        f.set("event", step::draw_event_id(app));
        f.set("date", today.clone());
        f.set("time", now.clone());
        f.set("place", own.first().map(|place| place.id.to_string()).unwrap_or_default());
    }
    let title = visit.l.t("Nhận hàng", "Receive goods");
    Ok(IncomingPage {
        page: Page::of_organisation(visit, title, org, &name),
        base: format!("/org/{org}"),
        rows,
        first_place: own.first().map_or(0, |place| place.id),
        places: place_choices(&own),
        today,
        now,
        f,
    })
}

/// `GET /org/{org}/receive`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    show(&render(&app, &visit, ids.get("org")?, Entered::default()).await?)
}

/// `POST /org/{org}/receive`
pub async fn submit(State(app): State<App>, visit: Visit, ids: Ids, mut form: Form) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let lot = form.text("lot", 300);
    let amount = form.amount("amount");
    let place = form.id("place");
    let time = super::form::moment(&mut form);
    let receipt = Receipt {
        lot,
        shipment: form.optional("shipment", 200),
        amount: amount.unwrap_or_default(),
        uom: super::form::uom(&form),
        place,
        time: time.unwrap_or_default(),
        event_id: super::form::event_id(&form),
        note: form.optional("note", 500),
        office: super::form::office(&visit, org),
    };
    if form.sound() {
        match receive(&app, visit.actor()?, org, &receipt).await {
            Ok(_) => return Ok(go(&format!("/org/{org}/lots?done=saved"))),
            Err(Refusal::Fail(Fail::Refused { vi, en, .. })) => form.fault("lot", &vi, &en),
            Err(refusal) => super::form::put_faults(&mut form, refusal)?,
        }
    }
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&app, &visit, org, form.entered).await?)
}
