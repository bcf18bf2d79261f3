//! The desk where doubts are followed up: notes for colleagues, and at the end the answer that the
//! reporter reads. A doubt about a lot is seen by those who govern its organisation's sector and
//! area; one whose lot is not known is seen by all.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use store::{Row, params, sql};

use super::{LOOK, State as CaseState};
use crate::app::{App, Micros};
use crate::identity::account::Account;
use crate::shared::audit::{self, Line};
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::table::{self, Cell, Column, Table};
use crate::shared::{Fail, L, text};

/// A doubt with what it is about.
pub struct Doubt {
    pub id: i64,
    pub code: String,
    pub link: String,
    pub message: String,
    pub contact: String,
    pub state: CaseState,
    pub reported_at: Micros,
    pub product: Option<String>,
    pub lot_code: Option<String>,
    pub organisation: Option<String>,
    sector: Option<String>,
    commune: Option<String>,
}

impl Doubt {
    fn of_row(row: &Row) -> Result<Doubt, Fail> {
        let state: String = row.get(5)?;
        Ok(Doubt {
            id: row.get(0)?,
            code: row.get(1)?,
            link: row.get(2)?,
            message: row.get(3)?,
            contact: row.get(4)?,
            state: CaseState::of_code(&state).unwrap_or(CaseState::Received),
            reported_at: row.get(6)?,
            product: row.get(7)?,
            lot_code: row.get(8)?,
            organisation: row.get(9)?,
            sector: row.get(10)?,
            commune: row.get(11)?,
        })
    }

    fn seen_by(&self, account: &Account) -> bool {
        match (&self.sector, &self.commune) {
            (Some(sector), Some(commune)) => account.covers(&LOOK, sector, commune),
            _ => true,
        }
    }

    /// What it is about, in one line.
    fn about(&self) -> String {
        match (&self.product, &self.lot_code) {
            (Some(product), Some(lot)) => format!("{product} · {lot}"),
            _ => self.link.clone(),
        }
    }
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
}

struct ListRow {
    d: Doubt,
    about: String,
    label: &'static str,
    when: String,
    start: String,
}

#[derive(Template)]
#[template(path = "feedback/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<ListRow>,
    asked: Asked,
    table: Table,
}

fn columns(l: L) -> [Column<ListRow>; 5] {
    [
        Column::new("about", l.t("Về", "About"), |row| Cell::Text(row.about.clone())),
        Column::new("message", l.t("Nội dung", "Message"), |row| {
            Cell::Text(row.d.message.clone())
        }),
        Column::new("organisation", l.t("Đơn vị", "Organisation"), |row| {
            Cell::Text(row.d.organisation.clone().unwrap_or_default())
        }),
        Column::new("reported", l.t("Báo lúc", "Reported"), |row| {
            Cell::Moment(row.d.reported_at)
        }),
        Column::new("state", l.t("Tình trạng", "State"), |row| Cell::Text(row.label.to_owned())),
    ]
}

/// `GET /desk/doubts`
pub(super) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let (account, l) = (visit.signed_in()?, visit.l);
    let rows = app
        .store
        .query(
            sql!(
                "SELECT d.id, d.code, d.link, d.message, d.contact, d.state, d.reported_at, p.name, t.code, o.legal_name,
                   o.sector, o.commune
                 FROM doubt d LEFT JOIN lot t ON t.id = d.lot LEFT JOIN product p ON p.id = t.product
                 LEFT JOIN organisation o ON o.id = t.organisation
                 ORDER BY d.reported_at DESC LIMIT 1000"
            ),
            &[],
        )
        .await?;
    let mut shown = Vec::new();
    for row in &rows {
        let d = Doubt::of_row(row)?;
        let wanted = match asked.state.as_str() {
            "" => d.state != CaseState::Closed,
            "all" => true,
            code => d.state.code() == code,
        };
        if wanted && d.seen_by(account) {
            let start: String = d.message.chars().take(120).collect();
            let (label, when) = (d.state.label(l), text::moment(&l, &d.reported_at));
            shown.push(ListRow { about: d.about(), label, when, start, d });
        }
    }
    let page = Page::of_staff(&visit, l.t("Nghi vấn", "Doubts"));
    let columns = columns(l);
    let table = Table::order(&visit, &columns, &mut shown);
    if table.as_sheet {
        return table::sheet(&page.title, text::day_of(app.now()), &columns, &shown);
    }
    show(&ListPage { page, rows: shown, asked, table })
}

struct NoteRow {
    label: &'static str,
    note: String,
    who: String,
    when: String,
}

#[derive(Template)]
#[template(path = "feedback/one.html")]
struct OnePage {
    page: Page,
    d: Doubt,
    about: String,
    code: String,
    label: &'static str,
    when: String,
    /// The address inside this site, where the link is one of ours.
    inside: Option<String>,
    notes: Vec<NoteRow>,
    states: Vec<(String, String)>,
    f: Entered,
    history: Vec<Line>,
}

async fn load(app: &App, visit: &Visit, id: i64) -> Result<Doubt, Fail> {
    let row = app
        .store
        .query_one(
            sql!(
                "SELECT d.id, d.code, d.link, d.message, d.contact, d.state, d.reported_at, p.name, t.code, o.legal_name,
                   o.sector, o.commune
                 FROM doubt d LEFT JOIN lot t ON t.id = d.lot LEFT JOIN product p ON p.id = t.product
                 LEFT JOIN organisation o ON o.id = t.organisation WHERE d.id = $1"
            ),
            &params![id],
        )
        .await?
        .ok_or(Fail::NotFound)?;
    let doubt = Doubt::of_row(&row)?;
    if doubt.seen_by(visit.signed_in()?) { Ok(doubt) } else { Err(Fail::NotFound) }
}

async fn render(app: &App, visit: &Visit, d: Doubt, f: Entered) -> Result<OnePage, Fail> {
    let l = visit.l;
    let rows = app
        .store
        .query(
            sql!(
                "SELECT n.state, n.note, a.name, n.written_at FROM doubt_note n
                 LEFT JOIN account a ON a.id = n.written_by WHERE n.doubt = $1 ORDER BY n.id"
            ),
            &params![d.id],
        )
        .await?;
    let mut notes = Vec::new();
    for row in &rows {
        let state: String = row.get(0)?;
        notes.push(NoteRow {
            label: CaseState::of_code(&state).unwrap_or(CaseState::Received).label(l),
            note: row.get(1)?,
            who: row.get::<Option<String>>(2)?.unwrap_or_default(),
            when: text::moment(&l, &row.get(3)?),
        });
    }
    let inside = d
        .link
        .strip_prefix(&app.config.public_url)
        .filter(|path| path.starts_with('/') && !path.starts_with("//"));
    let states = CaseState::ALL
        .into_iter()
        .filter(|state| *state >= d.state)
        .map(|state| (state.code().to_owned(), state.label(l).to_owned()))
        .collect();
    let code = stamp::Code::parse(&d.code).map_or_else(|_| d.code.clone(), |code| code.grouped());
    Ok(OnePage {
        page: Page::of_staff(visit, format!("{} {code}", l.t("Nghi vấn", "Doubt"))),
        about: d.about(),
        code,
        label: d.state.label(l),
        when: text::moment(&l, &d.reported_at),
        inside: inside.map(str::to_owned),
        notes,
        states,
        f,
        history: audit::history(app, "doubt", d.id).await?,
        d,
    })
}

/// `GET /desk/doubts/{doubt}`
pub(super) async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let d = load(&app, &visit, ids.get("doubt")?).await?;
    let f =
        Entered::of([("state", d.state.code().to_owned()), ("before", d.state.code().to_owned())]);
    show(&render(&app, &visit, d, f).await?)
}

/// `POST /desk/doubts/{doubt}`
pub(super) async fn write(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let d = load(&app, &visit, ids.get("doubt")?).await?;
    let codes = CaseState::ALL.map(CaseState::code);
    let state = CaseState::of_code(&form.choice("state", &codes));
    let note = form.lines("note", 2_000);
    if note.trim().is_empty() && form.entered.fault("note").is_none() {
        form.fault("note", "Hãy viết ghi chú hoặc câu trả lời.", "Write a note or the answer.");
    }
    if state.is_some_and(|state| state < d.state) {
        form.fault("state", "Tình trạng chỉ đi tới, không lùi lại.", "A case only goes forward.");
    }
    let (Some(state), true) = (state, form.sound()) else {
        return show_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &render(&app, &visit, d, form.entered).await?,
        );
    };
    let before = CaseState::of_code(form.entered.value("before")).unwrap_or(d.state);
    answer(&app, visit.actor()?, d.id, before, state, &note).await?;
    Ok(go(&format!("/desk/doubts/{}?done=saved", d.id)))
}

/// Adds a note to a case and moves it on; the note that closes it is the reporter's answer.
///
/// # Errors
/// Stale if the case does not stand at `before`, refused if it would go back.
pub async fn answer(
    app: &App,
    actor: i64,
    doubt: i64,
    before: CaseState,
    state: CaseState,
    note: &str,
) -> Result<(), Fail> {
    if state < before {
        return Err(Fail::refused(
            "Tình trạng chỉ đi tới, không lùi lại.",
            "A case only goes forward.",
        ));
    }
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!("UPDATE doubt SET state = $3 WHERE id = $1 AND state = $2"),
            &params![doubt, before.code(), state.code()],
        )
        .await?;
    if done == 0 {
        return Err(Fail::stale());
    }
    tx.execute(
        sql!("INSERT INTO doubt_note (doubt, id, state, note, written_by, written_at) VALUES ($1, $2, $3, $4, $5, $6)"),
        &params![doubt, app.id(), state.code(), note, actor, app.now()],
    )
    .await?;
    let change = audit::Change {
        subject_kind: "doubt",
        subject: doubt,
        action: "answer",
        organisation: None,
        before: json!({"state": before.code()}),
        after: json!({"state": state.code(), "note": note}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(())
}
