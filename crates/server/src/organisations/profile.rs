//! An organisation's own page: what is registered, where its application stands, mending it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use store::{params, sql};

use super::join::{self, Application};
use super::{Organisation, kind_choices, kind_label, load};
use crate::app::App;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit};

#[derive(Template)]
#[template(path = "organisations/profile.html")]
struct ProfilePage {
    page: Page,
    o: Organisation,
    kind: String,
    f: Entered,
    kinds: Vec<crate::shared::field::Choice>,
    may_edit: bool,
}

fn render(visit: &Visit, o: Organisation, f: Entered) -> ProfilePage {
    let title = visit.l.t("Đơn vị", "Organisation");
    let may_edit = visit.account.as_ref().is_some_and(|account| account.is_manager(o.id));
    ProfilePage {
        page: Page::of_organisation(visit, title, o.id, &o.legal_name),
        kind: kind_label(visit.l, &o.kind),
        kinds: kind_choices(visit.l),
        o,
        f,
        may_edit,
    }
}

fn filled(o: &Organisation) -> Entered {
    Entered::of([
        ("kind", o.kind.clone()),
        ("legal_name", o.legal_name.clone()),
        ("tax_code", o.tax_code.clone()),
        ("representative", o.representative.clone()),
        ("phone", o.phone.clone()),
        ("email", o.email.clone()),
        ("commune", o.commune.clone()),
        ("commune_old", o.old_unit.clone()),
        ("address_line", o.address_line.clone()),
        ("version", o.version.to_string()),
    ])
}

/// `GET /org/{org}/profile`
pub async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let organisation = load(&app, ids.get("org")?).await?;
    let f = filled(&organisation);
    show(&render(&visit, organisation, f))
}

/// `POST /org/{org}/profile`: mends the application. A returned one goes back to the officer; an
/// accepted organisation that changes what was accepted is looked at again, one that only changes
/// whom to call is not.
pub async fn submit(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let organisation = load(&app, ids.get("org")?).await?;
    let application = join::read(&mut form);
    let version: i64 = form.entered.value("version").parse().unwrap_or(0);
    if !form.sound() {
        return show_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &render(&visit, organisation, form.entered),
        );
    }
    match update(&app, visit.actor()?, &organisation, &application, version).await? {
        Outcome::Saved => Ok(go(&format!("/org/{}/profile?done=saved", organisation.id))),
        Outcome::Sent => Ok(go(&format!("/org/{}/profile?done=sent", organisation.id))),
        Outcome::TaxCodeTaken => {
            form.fault(
                "tax_code",
                "Mã số thuế này đã có đơn vị khác đăng ký.",
                "Another organisation has this tax code.",
            );
            show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&visit, organisation, form.entered))
        }
    }
}

enum Outcome {
    /// Changed; the organisation stays accepted.
    Saved,
    /// Changed; an officer looks at it.
    Sent,
    TaxCodeTaken,
}

/// Whether an application leaves alone what an officer accepted: name, kind, tax code and seat. Phone,
/// e-mail and representative change often and decide nothing.
fn same_identity(before: &Organisation, a: &Application) -> bool {
    before.kind == a.kind
        && before.legal_name == a.legal_name
        && before.tax_code == a.tax_code
        && before.commune == a.commune
        && before.old_unit == a.old_unit
        && before.address_line == a.address_line
}

async fn update(
    app: &App,
    actor: i64,
    before: &Organisation,
    a: &Application,
    version: i64,
) -> Result<Outcome, Fail> {
    let stays = before.state == "accepted" && same_identity(before, a);
    let (state, submitted_at) =
        if stays { ("accepted", before.submitted_at) } else { ("submitted", app.now()) };
    let mut tx = app.store.begin().await?;
    let changed = tx
        .execute(
            sql!(
                "UPDATE organisation SET kind = $3, legal_name = $4, tax_code = $5, representative = $6, phone = $7,
                   email = $8, commune = $9, address_line = $10, old_unit = $11, submitted_at = $12, state = $13, reason = '',
                   version = version + 1
                 WHERE id = $1 AND version = $2"
            ),
            &params![
                before.id,
                version,
                &*a.kind,
                &*a.legal_name,
                &*a.tax_code,
                &*a.representative,
                &*a.phone,
                &*a.email,
                &*a.commune,
                &*a.address_line,
                &*a.old_unit,
                submitted_at,
                state
            ],
        )
        .await;
    match changed {
        Err(error) if error.is_unique_violation() => return Ok(Outcome::TaxCodeTaken),
        Err(error) => return Err(error.into()),
        Ok(0) => return Err(Fail::stale()),
        Ok(_) => {}
    }
    let after = Organisation {
        kind: a.kind.clone(),
        legal_name: a.legal_name.clone(),
        tax_code: a.tax_code.clone(),
        representative: a.representative.clone(),
        phone: a.phone.clone(),
        email: a.email.clone(),
        commune: a.commune.clone(),
        address_line: a.address_line.clone(),
        old_unit: a.old_unit.clone(),
        state: state.to_owned(),
        reason: String::new(),
        ..before.clone()
    };
    let change = audit::Change {
        subject_kind: "organisation",
        subject: before.id,
        action: if stays { "update" } else { "resubmit" },
        organisation: Some(before.id),
        before: before.as_json(),
        after: after.as_json(),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(if stays { Outcome::Saved } else { Outcome::Sent })
}
