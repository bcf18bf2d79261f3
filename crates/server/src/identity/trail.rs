//! The administrator's look at the audit trail of the whole register.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::sql;

use crate::app::{App, Micros};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, show};
use crate::shared::table::{self, Cell, Column, Table};
use crate::shared::{Fail, L, history, text};

/// Lines that the page shows; the spreadsheet holds all that are looked through.
const SHOWN: usize = 300;

/// What to show, kept in the address.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

struct Change {
    moment: Micros,
    at: String,
    who: String,
    action: String,
    subject: String,
    organisation: String,
}

#[derive(Template)]
#[template(path = "identity/audit.html")]
struct AuditPage {
    page: Page,
    rows: Vec<Change>,
    asked: Asked,
    table: Table,
}

fn columns(l: L) -> [Column<Change>; 5] {
    [
        Column::new("at", l.t("Lúc", "When"), |row| Cell::Moment(row.moment)),
        Column::new("who", l.t("Ai", "Who"), |row| Cell::Text(row.who.clone())),
        Column::new("action", l.t("Việc", "Action"), |row| Cell::Text(row.action.clone())),
        Column::new("subject", l.t("Hồ sơ", "Record"), |row| Cell::Text(row.subject.clone())),
        Column::new("organisation", l.t("Của đơn vị", "Organisation"), |row| {
            Cell::Text(row.organisation.clone())
        }),
    ]
}

/// `GET /desk/audit`: the newest changes of the whole register.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let l = visit.l;
    let found = app
        .store
        .query(
            sql!(
                "SELECT a.at, p.name, a.action, a.subject_kind, a.subject, o.legal_name FROM audit a
                 JOIN account p ON p.id = a.actor LEFT JOIN organisation o ON o.id = a.organisation
                 ORDER BY a.at DESC, a.id DESC LIMIT 5000"
            ),
            &[],
        )
        .await?;
    let sought = vietnam::fold(&asked.q);
    let mut rows = Vec::new();
    for row in &found {
        let (moment, kind, subject): (Micros, String, i64) =
            (row.get(0)?, row.get(3)?, row.get(4)?);
        let change = Change {
            moment,
            at: text::moment(&l, &moment),
            who: row.get(1)?,
            action: history::action(l, &row.get::<String>(2)?).to_owned(),
            subject: format!("{} {subject}", history::subject(l, &kind)),
            organisation: row.get::<Option<String>>(5)?.unwrap_or_default(),
        };
        let words = [&change.who, &change.action, &change.subject, &change.organisation];
        if words.iter().any(|word| vietnam::fold(word).contains(&sought)) {
            rows.push(change);
        }
    }
    let page = Page::of_staff(&visit, l.t("Nhật ký hệ thống", "Audit trail"));
    let columns = columns(l);
    let table = Table::order(&visit, &columns, &mut rows);
    if table.as_sheet {
        return table::sheet(&page.title, text::day_of(app.now()), &columns, &rows);
    }
    rows.truncate(SHOWN);
    show(&AuditPage { page, rows, asked, table })
}
