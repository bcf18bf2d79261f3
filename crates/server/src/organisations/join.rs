//! Joining: an organisation and its first person, in one form, open to anyone.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Tx, params, sql};

use super::{KINDS, kind_choices};
use crate::app::App;
use crate::identity::account::normal_login;
use crate::identity::{password, session};
use crate::shared::form::{Entered, Form};
use crate::shared::guard::Visit;
use crate::shared::page::{Page, go, show, show_with};
use crate::shared::{Fail, audit, limit};

#[derive(Template)]
#[template(path = "organisations/join.html")]
struct JoinPage {
    page: Page,
    f: Entered,
}

fn render(visit: &Visit, f: Entered) -> JoinPage {
    JoinPage {
        page: Page::public(visit, visit.l.t("Đăng ký đơn vị", "Register an organisation")),
        f,
    }
}

/// `GET /join`
pub async fn page(visit: Visit) -> Result<Response, Fail> {
    show(&render(&visit, Entered::default()))
}

/// What an organisation says of itself.
#[derive(Debug, Clone)]
pub struct Application {
    pub kind: String,
    pub legal_name: String,
    pub tax_code: String,
    pub representative: String,
    pub phone: String,
    pub email: String,
    pub commune: String,
    pub old_unit: String,
    pub address_line: String,
    pub illustrative: bool,
}

/// Reads the fields that joining and mending an application share.
pub fn read(form: &mut Form) -> Application {
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.0).collect();
    let kind = form.choice("kind", &kinds);
    let legal_name = form.text("legal_name", 200);
    let typed = form.text("tax_code", 20);
    let tax_code = match vietnam::tax_code::TaxCode::parse(&typed) {
        Ok(code) => code.as_str().to_owned(),
        Err(error) => {
            if !typed.is_empty() {
                form.fault(
                    "tax_code",
                    &error.message(gs1::Lang::Vi),
                    &error.message(gs1::Lang::En),
                );
            }
            String::new()
        }
    };
    let representative = form.text("representative", 100);
    let phone = read_phone(form, "phone");
    let email = form.optional("email", 200).to_lowercase();
    if !email.is_empty() && !plausible_mail(&email) {
        form.fault(
            "email",
            "Địa chỉ thư điện tử không đúng dạng ten@mien.vn.",
            "Not an e-mail address like name@domain.",
        );
    }
    let (commune, old_unit) = form.commune("commune");
    let address_line = form.optional("address_line", 200);
    Application {
        kind,
        legal_name,
        tax_code,
        representative,
        phone,
        email,
        commune,
        old_unit,
        address_line,
        illustrative: false,
    }
}

fn read_phone(form: &mut Form, name: &str) -> String {
    let typed = form.text(name, 30);
    match vietnam::phone::Phone::parse(&typed) {
        Ok(phone) => phone.as_str().to_owned(),
        Err(error) => {
            if !typed.is_empty() {
                form.fault(name, &error.message(gs1::Lang::Vi), &error.message(gs1::Lang::En));
            }
            String::new()
        }
    }
}

fn plausible_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    }) && !text.contains(char::is_whitespace)
        && text.matches('@').count() == 1
}

/// `POST /join`
pub async fn submit(
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Fail> {
    if !app.limiter.allow(&format!("join {}", visit.address), limit::PUBLIC_FORM, app.now()) {
        return Err(Fail::TooMany);
    }
    let application = read(&mut form);
    let person = form.text("person_name", 100);
    let typed = form.text("login", 200);
    let login = normal_login(&typed);
    if !typed.is_empty() && !login.starts_with('+') && !plausible_mail(&login) {
        form.fault(
            "login",
            "Dùng số điện thoại hoặc thư điện tử để đăng nhập.",
            "Use a phone number or an e-mail address.",
        );
    }
    let secret = password::check_new(&mut form, "password");
    if !form.ticked("agreed") {
        form.fault(
            "agreed",
            "Cần đồng ý để hệ thống lưu thông tin liên hệ của bạn.",
            "We need your consent to keep your contact data.",
        );
    }
    if form.sound() {
        let hashed = password::hash(&app, &secret).await?;
        match create(&app, &application, &person, &login, &hashed, visit.l.code()).await {
            Ok((account, organisation)) => {
                let mut response = go(&format!("/org/{organisation}/profile?done=sent"));
                session::begin(&app, &mut response, account).await?;
                return Ok(response);
            }
            Err(Taken::Login) => form.fault(
                "login",
                "Đã có tài khoản với tên đăng nhập này. Hãy đăng nhập, hoặc dùng số khác.",
                "There is an account with this login. Sign in, or use another.",
            ),
            Err(Taken::TaxCode) => form.fault(
                "tax_code",
                "Mã số thuế này đã có đơn vị đăng ký. Hãy liên hệ người quản lý của đơn vị để được thêm vào.",
                "An organisation with this tax code is registered. Ask its manager to add you.",
            ),
            Err(Taken::Other(fail)) => return Err(fail),
        }
    }
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &render(&visit, form.entered))
}

/// Why an application was not taken.
pub enum Taken {
    Login,
    TaxCode,
    Other(Fail),
}

impl From<Fail> for Taken {
    fn from(fail: Fail) -> Taken {
        Taken::Other(fail)
    }
}

impl From<store::StoreError> for Taken {
    fn from(error: store::StoreError) -> Taken {
        Taken::Other(error.into())
    }
}

/// Makes the account, the organisation and the membership in one transaction.
pub async fn create(
    app: &App,
    application: &Application,
    person: &str,
    login: &str,
    hashed: &str,
    language: &str,
) -> Result<(i64, i64), Taken> {
    let account = app.id();
    let mut tx = app.store.begin().await?;
    let made = tx
        .execute(
            sql!(
                "INSERT INTO account (id, login, name, password, language, state, created_at)
                 VALUES ($1, $2, $3, $4, $5, 'active', $6) ON CONFLICT DO NOTHING"
            ),
            &params![account, login, person, hashed, language, app.now()],
        )
        .await?;
    if made == 0 {
        return Err(Taken::Login);
    }
    let organisation = insert(app, &mut tx, application, account).await?.ok_or(Taken::TaxCode)?;
    tx.execute(
        sql!("INSERT INTO membership (organisation, account, role, valid_from) VALUES ($1, $2, 'manager', $3)"),
        &params![organisation, account, app.now()],
    )
    .await?;
    tx.commit().await?;
    Ok((account, organisation))
}

/// Writes an application; `None` where the tax code is taken.
async fn insert(
    app: &App,
    tx: &mut Tx,
    application: &Application,
    actor: i64,
) -> Result<Option<i64>, Fail> {
    let id = app.id();
    let sector =
        KINDS.iter().find(|kind| kind.0 == application.kind).map_or("agriculture", |kind| kind.3);
    let made = tx
        .execute(
            sql!(
                "INSERT INTO organisation (id, kind, legal_name, tax_code, representative, phone, email, commune,
                   address_line, old_unit, sector, state, reason, illustrative, submitted_at, valid_from, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'submitted', '', $12, $13, $13, 1)
                 ON CONFLICT DO NOTHING"
            ),
            &params![
                id,
                &*application.kind,
                &*application.legal_name,
                &*application.tax_code,
                &*application.representative,
                &*application.phone,
                &*application.email,
                &*application.commune,
                &*application.address_line,
                &*application.old_unit,
                sector,
                application.illustrative,
                app.now()
            ],
        )
        .await?;
    if made == 0 {
        return Ok(None);
    }
    let change = audit::Change {
        subject_kind: "organisation",
        subject: id,
        action: "apply",
        organisation: Some(id),
        before: serde_json::json!({}),
        after: serde_json::json!({
            "kind": application.kind, "legal_name": application.legal_name, "tax_code": application.tax_code,
            "representative": application.representative, "phone": application.phone, "email": application.email,
            "commune": application.commune, "address_line": application.address_line,
        }),
    };
    audit::record(app, tx, actor, change).await?;
    Ok(Some(id))
}

impl JoinPage {
    fn kinds(&self) -> Vec<crate::shared::field::Choice> {
        kind_choices(self.page.l)
    }
}
