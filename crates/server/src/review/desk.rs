//! The reviewer's desk: the queue by age, the record exactly as the buyer would see it, what
//! changed, and the decision.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use store::{Tx, params, sql};

use super::fields::{self, Field};
use super::record::PublicRecord;
use crate::app::App;
use crate::identity::account::{Account, Role};
use crate::portal::search;
use crate::resolve;
use crate::shared::form::Form;
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show};
use crate::shared::{Fail, audit, text};

/// One waiting record.
struct Waiting {
    id: i64,
    product: String,
    lot: String,
    organisation: String,
    number: i64,
    when: String,
    /// Of the profile's ten.
    present: i64,
}

/// A submission with its record.
struct Submission {
    id: i64,
    lot: i64,
    organisation: i64,
    number: i64,
    state: String,
    record: PublicRecord,
    submitted_by: i64,
    submitted_name: String,
    submitted_at: i64,
}

struct Open {
    submission: Submission,
    fields: Vec<Field>,
    gone: Vec<Field>,
    /// Why this reviewer may not decide; `None` where he may.
    barred: Option<String>,
    when: String,
}

#[derive(Template)]
#[template(path = "review/desk.html")]
struct DeskPage {
    page: Page,
    queue: Vec<Waiting>,
    open: Option<Open>,
    current: i64,
    /// Ready-made reasons.
    reasons: Vec<String>,
}

/// Most records a queue shows; older first, so that none starves.
const QUEUE: usize = 200;

async fn waiting(app: &App, visit: &Visit) -> Result<Vec<Waiting>, Fail> {
    let account = visit.signed_in()?;
    let rows = app
        .store
        .query(
            sql!(
                "SELECT s.id, s.number, s.submitted_at, s.missing, s.record, o.sector, o.commune FROM submission s
                 JOIN organisation o ON o.id = s.organisation
                 WHERE s.state = 'submitted' ORDER BY s.submitted_at LIMIT 1000"
            ),
            &[],
        )
        .await?;
    let mut queue = Vec::new();
    for row in &rows {
        let (sector, commune): (String, String) = (row.get(5)?, row.get(6)?);
        if !account.covers(&[Role::Reviewer], &sector, &commune) || queue.len() == QUEUE {
            continue;
        }
        let record = read(&row.get::<String>(4)?)?;
        queue.push(Waiting {
            id: row.get(0)?,
            number: row.get(1)?,
            when: text::moment(&visit.l, &row.get(2)?),
            present: 10 - row.get::<i64>(3)?,
            product: record.product.name,
            lot: record.lot.code,
            organisation: record.organisation.name,
        });
    }
    Ok(queue)
}

fn read(json: &str) -> Result<PublicRecord, Fail> {
    serde_json::from_str(json).map_err(|error| Fail::internal(format!("a stored record: {error}")))
}

/// A submission within the caller's sector and area.
async fn governed(app: &App, visit: &Visit, id: i64) -> Result<Submission, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT s.id, s.lot, s.organisation, s.number, s.state, s.record, s.submitted_by, a.name,
                   s.submitted_at, o.sector, o.commune
                 FROM submission s JOIN organisation o ON o.id = s.organisation JOIN account a ON a.id = s.submitted_by
                 WHERE s.id = $1"
            ),
            &params![id],
        )
        .await?
        .ok_or(Fail::NotFound)?;
    let (sector, commune): (String, String) = (row.get(9)?, row.get(10)?);
    if !visit.signed_in()?.covers(&[Role::Reviewer], &sector, &commune) {
        return Err(Fail::NotFound);
    }
    Ok(Submission {
        id: row.get(0)?,
        lot: row.get(1)?,
        organisation: row.get(2)?,
        number: row.get(3)?,
        state: row.get(4)?,
        record: read(&row.get::<String>(5)?)?,
        submitted_by: row.get(6)?,
        submitted_name: row.get(7)?,
        submitted_at: row.get(8)?,
    })
}

/// Why an account may not decide on a submission; `None` where it may.
fn barred(account: &Account, submission: &Submission) -> Option<(&'static str, &'static str)> {
    if account.is_member(submission.organisation) {
        return Some((
            "Bạn thuộc đơn vị này nên không duyệt hồ sơ của nó.",
            "You belong to this organisation.",
        ));
    }
    if submission.submitted_by == account.id || submission.record.authors.contains(&account.id) {
        return Some((
            "Bạn đã nhập một phần hồ sơ này nên người khác phải duyệt.",
            "You entered part of this record, so somebody else must review it.",
        ));
    }
    None
}

/// `GET /desk/review`
pub async fn queue(State(app): State<App>, visit: Visit) -> Result<Response, Fail> {
    let queue = waiting(&app, &visit).await?;
    let first = queue.first().map(|one| one.id);
    show(&desk(&app, &visit, queue, first).await?)
}

/// `GET /desk/review/{submission}`
pub async fn one(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let id = ids.get("submission")?;
    governed(&app, &visit, id).await?;
    let queue = waiting(&app, &visit).await?;
    show(&desk(&app, &visit, queue, Some(id)).await?)
}

/// `GET /desk/review/{submission}/as-buyer`: the page that a buyer would see, before it is public.
pub async fn as_buyer(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let submission = governed(&app, &visit, ids.get("submission")?).await?;
    resolve::preview(&app, visit.l, &submission.record)
}

async fn desk(
    app: &App,
    visit: &Visit,
    queue: Vec<Waiting>,
    id: Option<i64>,
) -> Result<DeskPage, Fail> {
    let l = visit.l;
    let open = match id {
        Some(id) => Some(opened(app, visit, governed(app, visit, id).await?).await?),
        None => None,
    };
    let reasons = [
        ("Thiếu thông tin", "Missing"),
        ("Không khớp giấy tờ", "Does not match the papers"),
        ("Ảnh không rõ", "Picture unclear"),
        ("Ghi chưa đúng", "Not correct"),
    ];
    Ok(DeskPage {
        page: Page::of_staff(visit, l.t("Duyệt hồ sơ", "Review")),
        queue,
        current: id.unwrap_or(0),
        open,
        reasons: reasons.iter().map(|(vi, en)| l.t(vi, en).to_owned()).collect(),
    })
}

async fn opened(app: &App, visit: &Visit, submission: Submission) -> Result<Open, Fail> {
    let before = app
        .store
        .query_one(
            sql!("SELECT record FROM submission WHERE lot = $1 AND number < $2 ORDER BY number DESC LIMIT 1"),
            &params![submission.lot, submission.number],
        )
        .await?;
    let mut fields = fields::of(&submission.record, visit.l);
    let gone = match before {
        Some(row) => fields::compare(
            &mut fields,
            &fields::of(&read(&row.get::<String>(0)?)?, visit.l),
            visit.l,
        ),
        None => Vec::new(),
    };
    Ok(Open {
        barred: barred(visit.signed_in()?, &submission)
            .map(|(vi, en)| visit.l.t(vi, en).to_owned()),
        when: text::moment(&visit.l, &submission.submitted_at),
        submission,
        fields,
        gone,
    })
}

/// Fails unless the caller may decide on a submission that still waits.
fn may_decide(account: &Account, submission: &Submission) -> Result<(), Fail> {
    if let Some((vi, en)) = barred(account, submission) {
        return Err(Fail::with(axum::http::StatusCode::FORBIDDEN, vi, en));
    }
    if submission.state == "submitted" { Ok(()) } else { Err(Fail::stale()) }
}

async fn decide(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    submission: &Submission,
    state: &str,
    reasons: &str,
) -> Result<(), Fail> {
    let done = tx
        .execute(
            sql!(
                "UPDATE submission SET state = $2, decided_by = $3, decided_at = $4, reasons = $5
                 WHERE id = $1 AND state = 'submitted'"
            ),
            &params![submission.id, state, actor, app.now(), reasons],
        )
        .await?;
    if done == 0 {
        return Err(Fail::stale());
    }
    let change = audit::Change {
        subject_kind: "lot",
        subject: submission.lot,
        action: state,
        organisation: Some(submission.organisation),
        before: json!({"submission": submission.number, "state": "submitted"}),
        after: json!({"submission": submission.number, "state": state, "reasons": reasons}),
    };
    audit::record(app, tx, actor, change).await
}

/// `POST /desk/review/{submission}/approve`
pub async fn approve(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let submission = governed(&app, &visit, ids.get("submission")?).await?;
    let although = form.optional("although", 500);
    if !form.sound() {
        return Err(Fail::refused(
            "Lý do quá dài hoặc có ký tự lạ.",
            "The reason is too long or has odd characters.",
        ));
    }
    publish(&app, visit.signed_in()?, submission, &although).await?;
    Ok(go("/desk/review?done=approved"))
}

async fn publish(
    app: &App,
    account: &Account,
    mut submission: Submission,
    although: &str,
) -> Result<(), Fail> {
    may_decide(account, &submission)?;
    if !submission.record.missing.is_empty() && although.is_empty() {
        return Err(Fail::refused(
            "Hồ sơ còn thiếu thông tin. Muốn công bố vẫn phải ghi lý do; trang công khai sẽ hiện lý do này.",
            "Data are missing. To publish nevertheless, give the reason; the public page shows it.",
        ));
    }
    submission.record.published_although = although.to_owned();
    let record = serde_json::to_string(&submission.record).map_err(Fail::internal)?;
    let mut tx = app.store.begin().await?;
    let reasons = json!({ "": although }).to_string();
    decide(app, &mut tx, account.id, &submission, "approved", &reasons).await?;
    tx.execute(
        sql!(
            "INSERT INTO publication (lot, submission, organisation, product, record, published_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (lot) DO UPDATE SET submission = excluded.submission, record = excluded.record,
               published_at = excluded.published_at, withdrawn_at = NULL"
        ),
        &params![
            submission.lot,
            submission.id,
            submission.organisation,
            submission.record.product.id,
            record,
            app.now()
        ],
    )
    .await?;
    let r = &submission.record;
    let texts = [
        (r.product.name.as_str(), 3),
        (r.lot.code.as_str(), 3),
        (r.lot.trace_code.as_str(), 3),
        (r.product.brand.as_str(), 2),
        (r.organisation.name.as_str(), 2),
        (r.organisation.address.as_str(), 1),
    ];
    search::index(&mut tx, "lot", submission.lot, &texts).await?;
    tx.commit().await?;
    app.lots.forget(submission.lot);
    Ok(())
}

/// A visit of an account that comes from no browser: the demonstration's loader.
fn visit_of(account: Account) -> Visit {
    Visit {
        account: Some(account),
        l: crate::shared::L(gs1::Lang::Vi),
        csrf: String::new(),
        here: String::new(),
        address: String::new(),
        request_id: String::new(),
    }
}

/// Approves by id: the same rules as at the desk.
pub async fn approve_as(
    app: &App,
    account: Account,
    submission: i64,
    although: &str,
) -> Result<(), Fail> {
    let visit = visit_of(account);
    let submission = governed(app, &visit, submission).await?;
    let although = if submission.record.missing.is_empty() { "" } else { although };
    publish(app, visit.signed_in()?, submission, although).await
}

/// Returns by id: the same rules as at the desk.
pub async fn return_as(
    app: &App,
    account: Account,
    submission: i64,
    reasons: BTreeMap<String, String>,
) -> Result<(), Fail> {
    let visit = visit_of(account);
    let submission = governed(app, &visit, submission).await?;
    give_back(app, visit.signed_in()?, &submission, &reasons).await
}

async fn give_back(
    app: &App,
    account: &Account,
    submission: &Submission,
    reasons: &BTreeMap<String, String>,
) -> Result<(), Fail> {
    may_decide(account, submission)?;
    let mut tx = app.store.begin().await?;
    decide(app, &mut tx, account.id, submission, "returned", &json!(reasons).to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// `POST /desk/review/{submission}/return`: reasons by field (`why:KEY`), ready-made or typed.
pub async fn send_back(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let submission = governed(&app, &visit, ids.get("submission")?).await?;
    let mut reasons = BTreeMap::new();
    for field in fields::of(&submission.record, visit.l) {
        let mut given = form.several(&format!("why:{}", field.key));
        given.push(form.optional(&format!("text:{}", field.key), 500));
        given.retain(|reason| !reason.is_empty() && reason.chars().count() <= 500);
        if !given.is_empty() {
            reasons.insert(field.key, given.join("; "));
        }
    }
    let general = form.lines("reason", 1_000);
    if !general.is_empty() {
        reasons.insert(String::new(), general);
    }
    if reasons.is_empty() || !form.sound() {
        return Err(Fail::refused(
            "Cần ít nhất một lý do để người gửi biết phải sửa gì.",
            "Give at least one reason, so that the sender knows what to mend.",
        ));
    }
    give_back(&app, visit.signed_in()?, &submission, &reasons).await?;
    Ok(go("/desk/review?done=returned"))
}
