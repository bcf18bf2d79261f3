//! An organisation's pages about its certificates: the list by end, one certificate with its
//! history, and the form that declares or changes it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use vietnam::certificate_kinds::certificate_kind;

use super::{Certificate, NewCertificate, Row, file, kind_choices, register};
use crate::app::App;
use crate::shared::audit::Line;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::once::once;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit, text};
use crate::{organisations, products};

#[derive(Template)]
#[template(path = "certificates/list.html")]
struct ListPage {
    page: Page,
    certificates_base: String,
    rows: Vec<Row>,
}

async fn frame(app: &App, visit: &Visit, org: i64, title: impl Into<String>) -> Result<Page, Fail> {
    let name = organisations::name(app, org).await?;
    Ok(Page::of_organisation(visit, title, org, &name))
}

fn base(org: i64) -> String {
    format!("/org/{org}/certificates")
}

/// `GET /org/{org}/certificates`
pub async fn list(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let today = text::day_of(app.now());
    let certificates = register::of_organisation(&app, org).await?;
    let rows = certificates.into_iter().map(|c| Row::of(visit.l, today, c)).collect();
    let page = frame(&app, &visit, org, visit.l.t("Chứng nhận", "Certificates")).await?;
    show(&ListPage { page, certificates_base: base(org), rows })
}

#[derive(Template)]
#[template(path = "certificates/form.html")]
struct FormPage {
    page: Page,
    /// Where the form goes, and where its way back leads.
    action: String,
    back: String,
    f: Entered,
    kinds: Vec<Choice>,
    products: Vec<Choice>,
    /// Name of the file there is; empty where there is none.
    file_name: String,
}

async fn form_page(
    app: &App,
    visit: &Visit,
    org: i64,
    known: Option<&Certificate>,
    f: Entered,
) -> Result<FormPage, Fail> {
    let (title, action, back) = match known {
        None => (visit.l.t("Thêm chứng nhận", "Add a certificate"), base(org), base(org)),
        Some(c) => {
            let one = format!("{}/{}", base(org), c.id);
            (visit.l.t("Sửa chứng nhận", "Change the certificate"), format!("{one}/edit"), one)
        }
    };
    let products = products::all_of(app, org).await?;
    Ok(FormPage {
        page: frame(app, visit, org, title).await?,
        action,
        back,
        f,
        kinds: kind_choices(visit.l),
        products: products
            .into_iter()
            .map(|product| (product.id.to_string(), product.name))
            .collect(),
        file_name: known.map(|c| c.file_name.clone()).unwrap_or_default(),
    })
}

/// `GET /org/{org}/certificates/new`
pub async fn new(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    organisations::accepted(&app, org).await?;
    let f = Entered::of([("once", app.token())]);
    show(&form_page(&app, &visit, org, None, f).await?)
}

/// Reads the form and its file; what is wrong is noted at its field. `None` if it is not sound.
async fn read(app: &App, form: &mut Form, org: i64) -> Result<Option<NewCertificate>, Fail> {
    let kinds = kind_choices(form.l);
    let kind =
        form.choice("kind", &kinds.iter().map(|choice| choice.0.as_str()).collect::<Vec<_>>());
    let number = form.text("number", 100);
    let issuer = form.text("issuer", 200);
    let scope = form.optional("scope", 500);
    let issued_on = form.date("issued_on");
    let expires_on = form.optional_date("expires_on");
    if issued_on.is_some_and(|day| day > text::day_of(app.now())) {
        form.fault(
            "issued_on",
            "Ngày cấp không được ở tương lai.",
            "The day of issue cannot be in the future.",
        );
    }
    if let (Some(first), Some(last)) = (issued_on, expires_on)
        && last < first
    {
        form.fault(
            "expires_on",
            "Ngày hết hạn phải sau ngày cấp.",
            "The last day must come after the day of issue.",
        );
    }
    let has_term = certificate_kind(&kind).is_some_and(|kind| kind.months.is_some());
    if has_term && expires_on.is_none() && form.entered.fault("expires_on").is_none() {
        form.fault(
            "expires_on",
            "Loại giấy này có thời hạn theo quy định. Hãy ghi ngày hết hạn trên giấy.",
            "The term of this kind is fixed by rule. Enter the last day that the paper names.",
        );
    }
    let own: Vec<i64> =
        products::all_of(app, org).await?.iter().map(|product| product.id).collect();
    let chosen: Vec<i64> =
        form.several("products").iter().filter_map(|id| id.parse().ok()).collect();
    if chosen.iter().any(|id| !own.contains(id)) {
        form.fault(
            "products",
            "Hãy chọn sản phẩm trong danh sách.",
            "Choose products of the list.",
        );
    }
    let file = file::take(form)?;
    let Some(issued_on) = issued_on.filter(|_| form.sound()) else { return Ok(None) };
    Ok(Some(NewCertificate {
        kind,
        number,
        issuer,
        scope,
        issued_on,
        expires_on,
        products: chosen,
        file,
    }))
}

/// `POST /org/{org}/certificates`
pub async fn create(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let (org, actor) = (ids.get("org")?, visit.actor()?);
    let Some(new) = read(&app, &mut form, org).await? else {
        let page = form_page(&app, &visit, org, None, form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let make = async {
        let c = register::create(&app, actor, org, &new).await?;
        Ok(format!("{}/{}?done=saved", base(org), c.id))
    };
    let path = once(&app, actor, form.entered.value("once"), &base(org), make).await?;
    Ok(go(&path))
}

#[derive(Template)]
#[template(path = "certificates/one.html")]
struct OnePage {
    page: Page,
    certificates_base: String,
    /// The file's address.
    file: String,
    row: Row,
    products: Vec<String>,
    history: Vec<Line>,
}

/// Names of the products that a certificate covers.
pub(super) async fn product_names(app: &App, c: &Certificate) -> Result<Vec<String>, Fail> {
    let mut names = Vec::new();
    for id in &c.products {
        names.push(products::any(app, *id).await?.name);
    }
    Ok(names)
}

/// `GET /org/{org}/certificates/{certificate}`
pub async fn show_one(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let c = register::load(&app, org, ids.get("certificate")?).await?;
    let products = product_names(&app, &c).await?;
    let history = audit::history(&app, "certificate", c.id).await?;
    let file = format!("{}/{}/file", base(org), c.id);
    let row = Row::of(visit.l, text::day_of(app.now()), c);
    let page = frame(&app, &visit, org, row.kind.clone()).await?;
    show(&OnePage { page, certificates_base: base(org), file, row, products, history })
}

fn filled(c: &Certificate) -> Entered {
    let mut f = Entered::of([
        ("kind", c.kind.clone()),
        ("number", c.number.clone()),
        ("issuer", c.issuer.clone()),
        ("scope", c.scope.clone()),
        ("issued_on", c.issued_on.clone()),
        ("expires_on", c.expires_on.clone().unwrap_or_default()),
        ("version", c.version.to_string()),
    ]);
    for product in &c.products {
        f.add("products", product.to_string());
    }
    f
}

/// `GET /org/{org}/certificates/{certificate}/edit`
pub async fn edit(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let c = register::load(&app, org, ids.get("certificate")?).await?;
    show(&form_page(&app, &visit, org, Some(&c), filled(&c)).await?)
}

/// `POST /org/{org}/certificates/{certificate}/edit`
pub async fn save(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let c = register::load(&app, org, ids.get("certificate")?).await?;
    let Some(new) = read(&app, &mut form, org).await? else {
        let page = form_page(&app, &visit, org, Some(&c), form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let version: i64 = form.entered.value("version").parse().unwrap_or(0);
    register::update(&app, visit.actor()?, &c, &new, version).await?;
    Ok(go(&format!("{}/{}?done=saved", base(org), c.id)))
}

/// `POST /org/{org}/certificates/{certificate}/withdraw`
pub async fn withdraw(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let c = register::load(&app, org, ids.get("certificate")?).await?;
    let version: i64 = form.entered.value("version").parse().unwrap_or(0);
    register::withdraw(&app, visit.actor()?, &c, version).await?;
    Ok(go(&format!("{}?done=removed", base(org))))
}
