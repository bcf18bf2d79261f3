//! An organisation's pages about its products: the list, one product with what is still missing,
//! and the form that declares or changes it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::missing::missing_with;
use super::register::{self, LONGEST_LIFE};
use super::{MOST_PICTURES, NewProduct, Product, group_choices, missing_for, photos, unit_choices};
use crate::app::App;
use crate::certificates::{self, Row as CertificateRow};
use crate::organisations;
use crate::review::record::MissingItem;
use crate::shared::audit::Line;
use crate::shared::field::Choice;
use crate::shared::form::{Entered, Form};
use crate::shared::guard::{Ids, Visit};
use crate::shared::once::once;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::picture::{self, Picture};
use crate::shared::{Fail, audit, text};

/// Pictures taken with one sending of the form.
const AT_ONCE: usize = 5;
/// Most standards of one product, and the longest line.
const STANDARDS: (usize, usize) = (20, 200);

struct Card {
    product: Product,
    group: String,
    picture: Option<i64>,
    missing: usize,
}

#[derive(Template)]
#[template(path = "products/list.html")]
struct ListPage {
    page: Page,
    base: String,
    cards: Vec<Card>,
    retired: Vec<Product>,
}

async fn frame(app: &App, visit: &Visit, org: i64, title: impl Into<String>) -> Result<Page, Fail> {
    let name = organisations::name(app, org).await?;
    Ok(Page::of_organisation(visit, title, org, &name))
}

fn base(org: i64) -> String {
    format!("/org/{org}/products")
}

/// `GET /org/{org}/products`
pub async fn list(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let o = organisations::load(&app, org).await?;
    let pictures = photos::of_organisation(&app, org).await?;
    let mut cards = Vec::new();
    let (used, retired): (Vec<Product>, Vec<Product>) = register::all_of(&app, org)
        .await?
        .into_iter()
        .partition(|product| product.retired_at.is_none());
    for product in used {
        let pictures = pictures.get(&product.id).map_or(&[][..], Vec::as_slice);
        cards.push(Card {
            group: product.group_label(visit.l),
            picture: pictures.first().copied(),
            missing: missing_with(&product, &o, pictures.len())?.len(),
            product,
        });
    }
    let page = frame(&app, &visit, org, visit.l.t("Sản phẩm", "Products")).await?;
    show(&ListPage { page, base: base(org), cards, retired })
}

#[derive(Template)]
#[template(path = "products/form.html")]
struct FormPage {
    page: Page,
    /// Where the form goes, and where its way back leads.
    action: String,
    back: String,
    f: Entered,
    groups: Vec<Choice>,
    units: Vec<Choice>,
}

async fn form_page(
    app: &App,
    visit: &Visit,
    org: i64,
    product: Option<i64>,
    f: Entered,
) -> Result<FormPage, Fail> {
    let (title, action, back) = match product {
        None => (visit.l.t("Thêm sản phẩm", "Add a product"), base(org), base(org)),
        Some(id) => {
            let one = format!("{}/{id}", base(org));
            (visit.l.t("Sửa sản phẩm", "Change the product"), format!("{one}/edit"), one)
        }
    };
    let page = frame(app, visit, org, title).await?;
    Ok(FormPage {
        page,
        action,
        back,
        f,
        groups: group_choices(visit.l),
        units: unit_choices(visit.l),
    })
}

/// `GET /org/{org}/products/new`
pub async fn new(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    organisations::accepted(&app, org).await?;
    let f = Entered::of([("once", app.token())]);
    show(&form_page(&app, &visit, org, None, f).await?)
}

/// Reads the form and its pictures; what is wrong is noted at its field.
async fn read(
    app: &App,
    form: &mut Form,
    org: i64,
    product: Option<i64>,
) -> Result<(NewProduct, Vec<Picture>), Fail> {
    let codes =
        |choices: Vec<Choice>| choices.into_iter().map(|choice| choice.0).collect::<Vec<String>>();
    let (groups, units) = (codes(group_choices(form.l)), codes(unit_choices(form.l)));
    let name = form.text("name", 200);
    let group_code =
        form.choice("group_code", &groups.iter().map(String::as_str).collect::<Vec<_>>());
    let brand = form.optional("brand", 100);
    let no_brand = form.ticked("no_brand");
    if no_brand && !brand.is_empty() {
        form.fault(
            "brand",
            "Đã ghi thương hiệu thì bỏ dấu “không có thương hiệu”.",
            "Give a brand or tick “no brand”, not both.",
        );
    }
    let typed = form.optional("gtin", 30);
    let gtin = match register::free_gtin(app, &typed, org, product).await {
        Ok(gtin) => gtin,
        Err(Fail::Refused { vi, en, .. }) => {
            form.fault("gtin", &vi, &en);
            None
        }
        Err(other) => return Err(other),
    };
    let unit = form.choice("unit", &units.iter().map(String::as_str).collect::<Vec<_>>());
    let net_content = form.optional("net_content", 100);
    let shelf_life_days = form.optional_whole("shelf_life_days", 1, LONGEST_LIFE);
    let no_expiry = form.ticked("no_expiry");
    if no_expiry && shelf_life_days.is_some() {
        form.fault(
            "shelf_life_days",
            "Đã ghi số ngày thì bỏ dấu “không có hạn sử dụng”.",
            "Give a shelf life or tick “no expiry”, not both.",
        );
    }
    let standards = read_standards(form);
    let description = form.lines("description", 2_000);
    let pictures = picture::take(form, "pictures", AT_ONCE).await?;
    let new = NewProduct {
        gtin,
        name,
        group_code,
        brand,
        no_brand,
        unit,
        net_content,
        shelf_life_days,
        no_expiry,
        standards,
        description,
    };
    Ok((new, pictures))
}

/// One standard a line; repeated ones are taken once.
fn read_standards(form: &mut Form) -> Vec<String> {
    let (most, longest) = STANDARDS;
    let typed = form.lines("standards", most * (longest + 1));
    let mut standards: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !standards.iter().any(|known| known == line) {
            standards.push(line.to_owned());
        }
    }
    if standards.len() > most || standards.iter().any(|line| line.chars().count() > longest) {
        let vi = format!(
            "Nhiều nhất {most} tiêu chuẩn, mỗi dòng một tiêu chuẩn dài không quá {longest} ký tự."
        );
        let en = format!("At most {most} standards, one a line of at most {longest} characters.");
        form.fault("standards", &vi, &en);
    }
    standards
}

/// `POST /org/{org}/products`
pub async fn create(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let (org, actor) = (ids.get("org")?, visit.actor()?);
    let (new, pictures) = read(&app, &mut form, org, None).await?;
    if !form.sound() {
        let page = form_page(&app, &visit, org, None, form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let make = async {
        let product = register::create(&app, actor, org, &new).await?;
        photos::add_pictures(&app, actor, &product, pictures).await?;
        Ok(format!("{}/{}?done=saved", base(org), product.id))
    };
    let path = once(&app, actor, form.entered.value("once"), &base(org), make).await?;
    Ok(go(&path))
}

#[derive(Template)]
#[template(path = "products/one.html")]
struct OnePage {
    page: Page,
    base: String,
    certificates_base: String,
    product: Product,
    group: String,
    unit: String,
    /// In words; empty where nothing is said.
    brand: String,
    shelf_life: String,
    pictures: Vec<i64>,
    rows: Vec<CertificateRow>,
    missing: Vec<MissingItem>,
    history: Vec<Line>,
}

/// `GET /org/{org}/products/{product}`
pub async fn show_one(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let (org, l) = (ids.get("org")?, visit.l);
    let product = register::load(&app, org, ids.get("product")?).await?;
    let shelf_life = match product.shelf_life_days {
        Some(days) => format!("{} {}", text::count(&l, &days), l.t("ngày", "days")),
        None if product.no_expiry => l.t("Đơn vị khai là không có", "Declared as none").to_owned(),
        None => String::new(),
    };
    let brand = if product.no_brand {
        l.t("Đơn vị khai là không có", "Declared as none").to_owned()
    } else {
        product.brand.clone()
    };
    show(&OnePage {
        page: frame(&app, &visit, org, product.name.clone()).await?,
        base: base(org),
        certificates_base: format!("/org/{org}/certificates"),
        group: product.group_label(l),
        unit: product.unit_label(l),
        brand,
        shelf_life,
        pictures: picture::of_subject(&app, "product", product.id).await?,
        rows: certificates::rows_of_product(&app, l, &product).await?,
        missing: missing_for(&app, &product).await?,
        history: audit::history(&app, "product", product.id).await?,
        product,
    })
}

fn filled(p: Product) -> Entered {
    let tick = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    Entered::of([
        ("gtin", p.printed_gtin()),
        ("name", p.name),
        ("group_code", p.group_code),
        ("brand", p.brand),
        ("no_brand", tick(p.no_brand)),
        ("unit", p.unit),
        ("net_content", p.net_content),
        ("shelf_life_days", p.shelf_life_days.map(|days| days.to_string()).unwrap_or_default()),
        ("no_expiry", tick(p.no_expiry)),
        ("standards", p.standards.join("\n")),
        ("description", p.description),
        ("version", p.version.to_string()),
    ])
}

/// `GET /org/{org}/products/{product}/edit`
pub async fn edit(State(app): State<App>, visit: Visit, ids: Ids) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let product = register::load(&app, org, ids.get("product")?).await?;
    show(&form_page(&app, &visit, org, Some(product.id), filled(product)).await?)
}

/// `POST /org/{org}/products/{product}/edit`
pub async fn save(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    mut form: Form,
) -> Result<Response, Fail> {
    let (org, actor) = (ids.get("org")?, visit.actor()?);
    let product = register::load(&app, org, ids.get("product")?).await?;
    let (new, pictures) = read(&app, &mut form, org, Some(product.id)).await?;
    let known = picture::of_subject(&app, "product", product.id).await?.len();
    if known + pictures.len() > MOST_PICTURES {
        let vi = format!(
            "Sản phẩm đã có {known} ảnh; nhiều nhất {MOST_PICTURES} ảnh. Hãy bỏ bớt ảnh cũ trước."
        );
        let en = format!(
            "The product has {known} pictures; at most {MOST_PICTURES}. Remove old ones first."
        );
        form.fault("pictures", &vi, &en);
    }
    let version: i64 = form.entered.value("version").parse().unwrap_or(0);
    if !form.sound() {
        let page = form_page(&app, &visit, org, Some(product.id), form.entered).await?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let product = register::update(&app, actor, &product, &new, version).await?;
    photos::add_pictures(&app, actor, &product, pictures).await?;
    Ok(go(&format!("{}/{}?done=saved", base(org), product.id)))
}

/// `POST /org/{org}/products/{product}/pictures/{picture}/first`
pub async fn first_picture(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let product = register::load(&app, org, ids.get("product")?).await?;
    photos::put_first(&app, visit.actor()?, &product, ids.get("picture")?).await?;
    Ok(go(&format!("{}/{}?done=saved", base(org), product.id)))
}

/// `POST /org/{org}/products/{product}/pictures/{picture}/remove`
pub async fn drop_picture(
    State(app): State<App>,
    visit: Visit,
    ids: Ids,
    _form: Form,
) -> Result<Response, Fail> {
    let org = ids.get("org")?;
    let product = register::load(&app, org, ids.get("product")?).await?;
    photos::remove_picture(&app, visit.actor()?, &product, ids.get("picture")?).await?;
    Ok(go(&format!("{}/{}?done=removed", base(org), product.id)))
}
