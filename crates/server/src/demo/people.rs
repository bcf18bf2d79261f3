//! The invented people: the administration, organisations with their managers, an API key.

use sample::{Admission, Province};

use super::{DemoAccount, Stage, found};
use crate::identity::account::{self, Account, Role, normal_login};
use crate::identity::staff::{NewStaff, make};
use crate::identity::{key, members, password};
use crate::organisations::{desk, join, load};
use crate::shared::Fail;

/// Accounts of the administration, each with a password of its own.
pub(super) async fn staff(stage: &mut Stage, province: &Province) -> Result<(), Fail> {
    for person in &province.staff {
        let role = Role::of_code(person.role.code())
            .ok_or_else(|| Fail::internal("a role of the sample"))?;
        let secret = password::draw(&stage.app);
        let login = normal_login(&person.login);
        let staff = NewStaff {
            name: &person.name,
            login: &login,
            role,
            sector: person.sector.unwrap_or(""),
            area: person.commune.unwrap_or("11"),
            made_by: None,
        };
        let id = make(&stage.app, &staff, &secret)
            .await?
            .account()
            .ok_or_else(|| Fail::internal("two logins alike"))?;
        stage.staff.insert(person.key.clone(), id);
        if !stage.accounts.iter().any(|one| one.role == role.code()) {
            stage.accounts.push(DemoAccount {
                role: role.code().to_owned(),
                login,
                password: secret,
            });
        }
    }
    Ok(())
}

/// The first person of a role whose sector and area hold an organisation.
pub(super) async fn governing(
    stage: &Stage,
    province: &Province,
    role: sample::StaffRole,
    organisation: i64,
) -> Result<Account, Fail> {
    let o = load(&stage.app, organisation).await?;
    let asked = Role::of_code(role.code()).into_iter().collect::<Vec<_>>();
    for person in province.staff.iter().filter(|person| person.role == role) {
        let id = found(&stage.staff, &person.key)?;
        // Roles are valid from when the account was made, which may be later than the past told here.
        let account = account::load(&stage.app.store, id, i64::MAX).await?.ok_or(Fail::NotFound)?;
        if account.covers(&asked, &o.sector, &o.commune) {
            return Ok(account);
        }
    }
    Err(Fail::internal(format!("the sample has no {} for {}", role.code(), o.legal_name)))
}

/// Organisations join and are decided on. Their managers share one password, so that making a
/// large province does not take hours of hashing.
pub(super) async fn organisations(stage: &mut Stage, province: &Province) -> Result<(), Fail> {
    let secret = password::draw(&stage.app);
    let hashed = password::hash(&stage.app, &secret).await?;
    for org in &province.organisations {
        stage.at(org.applied_at);
        let login = normal_login(&org.manager_login);
        let application = join::Application {
            kind: org.kind.code().to_owned(),
            legal_name: org.legal_name.clone(),
            tax_code: org.tax_code.clone(),
            representative: org.representative.clone(),
            phone: org.phone.clone(),
            email: String::new(),
            commune: org.commune.to_owned(),
            old_unit: String::new(),
            address_line: org.address_line.clone(),
            illustrative: true,
        };
        let (account, id) =
            join::create(&stage.app, &application, &org.manager_name, &login, &hashed, "vi")
                .await
                .map_err(|taken| match taken {
                    join::Taken::Other(fail) => fail,
                    _ => Fail::internal(format!("“{}” is taken", org.key)),
                })?;
        stage.organisations.insert(org.key.clone(), (id, account));
        let o = load(&stage.app, id).await?;
        let officer = governing(stage, province, sample::StaffRole::Officer, id).await?;
        match &org.admission {
            Admission::Accepted => {
                desk::accept_application(&stage.app, &officer, &o, o.version).await?;
            }
            Admission::Returned { reason } => {
                desk::return_application(&stage.app, &officer, &o, o.version, reason).await?;
            }
            Admission::Waiting => {}
        }
        stage.accounts.push(DemoAccount {
            role: format!("manager:{}", org.key),
            login,
            password: secret.clone(),
        });
    }
    Ok(())
}

/// Keeps the accounts worth showing (each staff role, the manager and a member of one
/// organisation) and makes a key for that organisation.
pub(super) async fn key(stage: &mut Stage, organisation: i64) -> Result<String, Fail> {
    let (org_key, manager) = stage
        .organisations
        .iter()
        .find(|(_, (id, _))| *id == organisation)
        .map(|(key, (_, account))| (key.clone(), *account))
        .ok_or(Fail::NotFound)?;
    let wanted = format!("manager:{org_key}");
    stage.accounts.retain(|one| !one.role.starts_with("manager:") || one.role == wanted);
    for one in &mut stage.accounts {
        if one.role == wanted {
            "manager".clone_into(&mut one.role);
        }
    }
    let secret = password::draw(&stage.app);
    let login = "thanhvien@minhhoa.example";
    members::make(
        &stage.app,
        manager,
        organisation,
        "Cà Văn Minh (minh hoạ)",
        login,
        "member",
        &secret,
    )
    .await?;
    stage.accounts.push(DemoAccount {
        role: "member".to_owned(),
        login: login.to_owned(),
        password: secret,
    });
    key::make(&stage.app, organisation, manager, "Minh hoạ", "capture query").await
}
