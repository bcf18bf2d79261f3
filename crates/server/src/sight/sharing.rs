//! An organisation's page of sharing: to whom it shows which of its events, and who shows it theirs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use store::{Row, params, sql};

use crate::app::{App, Micros};
use crate::organisations;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit, text};

/// Rules an organisation may have at a time.
const MOST: i64 = 200;

/// A rule in words.
struct RuleRow {
    id: i64,
    other: String,
    product: String,
    place: String,
    since: String,
    note: String,
}

#[derive(Template)]
#[template(path = "sight/sharing.html")]
struct SharingPage {
    page: Page,
    base: String,
    ours: Vec<RuleRow>,
    theirs: Vec<RuleRow>,
    f: Entered,
    products: Vec<Choice>,
    places: Vec<Choice>,
}

impl RuleRow {
    fn of_row(visit: &Visit, row: &Row) -> Result<RuleRow, Fail> {
        let l = visit.l;
        let (product, place): (Option<String>, Option<String>) =
            (row.at("product_name")?, row.at("place_name")?);
        let since: Option<Micros> = row.at("since")?;
        Ok(RuleRow {
            id: row.at("id")?,
            other: row.at("other")?,
            product: product.unwrap_or_else(|| l.t("mọi sản phẩm", "all products").to_owned()),
            place: place.unwrap_or_else(|| l.t("mọi địa điểm", "all places").to_owned()),
            since: since.map_or_else(
                || l.t("từ đầu", "from the beginning").to_owned(),
                |since| text::day(&l, &since),
            ),
            note: row.at("note")?,
        })
    }
}

async fn render(app: &App, visit: &Visit, org: i64, f: Entered) -> Result<SharingPage, Fail> {
    let l = visit.l;
    let name = organisations::name(app, org).await?;
    let ours = app
        .store
        .query(
            sql!(
                "SELECT r.id, o.legal_name AS other, p.name AS product_name, q.name AS place_name, r.since, r.note
                 FROM share_rule r JOIN organisation o ON o.id = r.reader
                 LEFT JOIN product p ON p.id = r.product LEFT JOIN place q ON q.id = r.place
                 WHERE r.owner = $1 AND (r.valid_to IS NULL OR r.valid_to > $2) ORDER BY r.valid_from DESC LIMIT 200"
            ),
            &params![org, app.now()],
        )
        .await?;
    let theirs = app
        .store
        .query(
            sql!(
                "SELECT r.id, o.legal_name AS other, p.name AS product_name, q.name AS place_name, r.since, r.note
                 FROM share_rule r JOIN organisation o ON o.id = r.owner
                 LEFT JOIN product p ON p.id = r.product LEFT JOIN place q ON q.id = r.place
                 WHERE r.reader = $1 AND (r.valid_to IS NULL OR r.valid_to > $2) ORDER BY r.valid_from DESC LIMIT 200"
            ),
            &params![org, app.now()],
        )
        .await?;
    let (products, places) = choices(app, visit, org).await?;
    Ok(SharingPage {
        page: Page::of_organisation(visit, l.t("Chia sẻ sự kiện", "Sharing of events"), org, &name),
        base: format!("/org/{org}/sharing"),
        ours: ours.iter().map(|row| RuleRow::of_row(visit, row)).collect::<Result<_, _>>()?,
        theirs: theirs.iter().map(|row| RuleRow::of_row(visit, row)).collect::<Result<_, _>>()?,
        f,
        products,
        places,
    })
}

/// What a rule may be narrowed to: products and places of the organisation, or all of them.
async fn choices(app: &App, visit: &Visit, org: i64) -> Result<(Vec<Choice>, Vec<Choice>), Fail> {
    let all = |vi, en| vec![(String::new(), visit.l.t(vi, en).to_owned())];
    let mut products = all("Mọi sản phẩm", "All products");
    for product in crate::products::of_organisation(app, org).await? {
        products.push((product.id.to_string(), product.name));
    }
    let mut places = all("Mọi địa điểm", "All places");
    for place in crate::places::of_organisation(app, org).await? {
        places.push((place.id.to_string(), place.name));
    }
    Ok((products, places))
}

fn chosen(form: &mut Form, name: &str, choices: &[Choice]) -> Option<i64> {
    let codes: Vec<&str> = choices.iter().map(|(code, _)| code.as_str()).collect();
    form.choice(name, &codes).parse().ok()
}

/// `GET /org/{org}/sharing`
pub(super) async fn page(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    // All of them, unless somebody narrows it.
    let entered = Entered::of([("product", String::new()), ("place", String::new())]);
    show(&render(&app, &visit, ids.get("org")?, entered).await?)
}

/// What an organisation shows to another.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    pub reader: i64,
    pub product: Option<i64>,
    pub place: Option<i64>,
    /// Only what happened then or later.
    pub since: Option<Micros>,
    pub note: String,
}

/// Shows events of `owner` to another organisation from now on.
///
/// # Errors
/// A refusal where the same rule stands already.
pub async fn share(app: &App, actor: i64, owner: i64, rule: &Rule) -> Result<i64, Fail> {
    let id = app.id();
    let mut tx = app.store.begin().await?;
    let made = tx.execute(
        sql!(
            "INSERT INTO share_rule (id, owner, reader, product, place, since, note, valid_from, made_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
        ),
        &params![
            id,
            owner,
            rule.reader,
            rule.product,
            rule.place,
            rule.since,
            &*rule.note,
            app.now(),
            actor
        ],
    )
    .await?;
    if made == 0 {
        tx.rollback().await?;
        return Err(Fail::refused(
            "Đơn vị đã có đúng quy tắc này: cùng đơn vị được xem, cùng sản phẩm, địa điểm và ngày.",
            "This very rule stands already: the same reader, product, place and day.",
        ));
    }
    let change = audit::Change {
        subject_kind: "share_rule",
        subject: id,
        action: "create",
        organisation: Some(owner),
        before: json!({}),
        after: json!({"reader": rule.reader.to_string(), "product": rule.product.map(|id| id.to_string()),
            "place": rule.place.map(|id| id.to_string()), "note": rule.note}),
    };
    audit::record(app, &mut tx, actor, change).await?;
    tx.commit().await?;
    Ok(id)
}

/// `POST /org/{org}/sharing`
pub(super) async fn create(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let tax_code = form.text("tax_code", 20);
    let reader = super::accepted_by_tax_code(&app, &tax_code).await?.map(|(id, _)| id);
    if form.entered.fault("tax_code").is_none() {
        match reader {
            None => form.fault(
                "tax_code",
                "Không có đơn vị đã tiếp nhận nào mang mã số thuế này.",
                "No accepted organisation has this tax code.",
            ),
            Some(reader) if reader == org => form.fault(
                "tax_code",
                "Đây là mã số thuế của chính đơn vị bạn.",
                "This is your own tax code.",
            ),
            Some(_) => {}
        }
    }
    let (products, places) = choices(&app, &visit, org).await?;
    let product = chosen(&mut form, "product", &products);
    let place = chosen(&mut form, "place", &places);
    let since = form.optional_date("since").map(text::start_of_day);
    let note = form.optional("note", 200);
    let row = app
        .store
        .query_one(
            sql!("SELECT COUNT(*) FROM share_rule WHERE owner = $1 AND (valid_to IS NULL OR valid_to > $2)"),
            &params![org, app.now()],
        )
        .await?;
    let rules: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    if rules >= MOST {
        form.fault(
            "tax_code",
            "Đơn vị đã có 200 quy tắc; hãy bỏ bớt quy tắc cũ.",
            "There are 200 rules already; remove old ones.",
        );
    }
    let (Some(reader), true) = (reader, form.sound()) else {
        let page = render(&app, &visit, org, form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let rule = Rule { reader, product, place, since, note };
    match share(&app, visit.actor()?, org, &rule).await {
        Err(Fail::Refused { vi, en, .. }) => {
            form.fault("tax_code", &vi, &en);
            let page = render(&app, &visit, org, form.entered).await?;
            return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        done => done?,
    };
    Ok(go(&format!("/org/{org}/sharing?done=saved")))
}

/// `POST /org/{org}/sharing/{rule}/end`
pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let (org, rule) = (ids.get("org")?, ids.get("rule")?);
    let mut tx = app.store.begin().await?;
    let done = tx
        .execute(
            sql!("UPDATE share_rule SET valid_to = $3 WHERE id = $1 AND owner = $2 AND valid_to IS NULL"),
            &params![rule, org, app.now()],
        )
        .await?;
    if done == 0 {
        return Err(Fail::NotFound);
    }
    let change = audit::Change {
        subject_kind: "share_rule",
        subject: rule,
        action: "revoke",
        organisation: Some(org),
        before: json!({}),
        after: json!({"revoked": true}),
    };
    audit::record(&app, &mut tx, visit.actor()?, change).await?;
    tx.commit().await?;
    Ok(go(&format!("/org/{org}/sharing?done=removed")))
}
