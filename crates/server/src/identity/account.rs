//! An account: one person, with what he is in organisations (member, manager) and in the
//! administration (officer, reviewer, inspector, administrator), each narrowed by sector and area.

use store::{Sql, Store, Value, params, sql};

use crate::app::App;
use crate::shared::Fail;

/// A role in the administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Accepts organisations, checks certificates, enters data for firms.
    Officer,
    /// The gate: reviews records before they are public.
    Reviewer,
    /// Stands in the market; reads, and follows up doubts.
    Inspector,
    /// Makes accounts; sees the audit trail. Decides nothing of content.
    Administrator,
}

impl Role {
    pub const ALL: [Role; 4] =
        [Role::Officer, Role::Reviewer, Role::Inspector, Role::Administrator];

    pub fn code(self) -> &'static str {
        match self {
            Role::Officer => "officer",
            Role::Reviewer => "reviewer",
            Role::Inspector => "inspector",
            Role::Administrator => "administrator",
        }
    }

    pub fn of_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    pub fn label(self) -> (&'static str, &'static str) {
        match self {
            Role::Officer => ("Cán bộ quản lý", "Officer"),
            Role::Reviewer => ("Người duyệt hồ sơ", "Reviewer"),
            Role::Inspector => ("Kiểm tra viên", "Inspector"),
            Role::Administrator => ("Quản trị hệ thống", "Administrator"),
        }
    }
}

/// A role with its bounds; empty sector or area means all.
#[derive(Debug, Clone)]
pub struct StaffRole {
    pub role: Role,
    pub sector: String,
    /// A province code (2 digits) or a commune code (5 digits).
    pub area: String,
}

impl StaffRole {
    /// Whether the bounds hold an organisation of this sector and commune.
    pub fn covers(&self, sector: &str, commune: &str) -> bool {
        let in_sector = self.sector.is_empty() || self.sector == sector;
        let in_area = self.area.is_empty()
            || self.area == commune
            || vietnam::units::commune(commune).is_some_and(|unit| unit.province_code == self.area);
        in_sector && in_area
    }
}

/// Membership of an organisation.
#[derive(Debug, Clone)]
pub struct Membership {
    pub organisation: i64,
    pub name: String,
    pub manager: bool,
}

/// Who is calling.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: i64,
    pub login: String,
    pub name: String,
    pub staff: Vec<StaffRole>,
    pub member_of: Vec<Membership>,
}

impl Account {
    pub fn is_member(&self, organisation: i64) -> bool {
        self.member_of.iter().any(|one| one.organisation == organisation)
    }

    pub fn is_manager(&self, organisation: i64) -> bool {
        self.member_of.iter().any(|one| one.organisation == organisation && one.manager)
    }

    pub fn has(&self, role: Role) -> bool {
        self.staff.iter().any(|grant| grant.role == role)
    }

    /// Whether one of these roles covers this sector and commune.
    pub fn covers(&self, roles: &[Role], sector: &str, commune: &str) -> bool {
        self.staff.iter().any(|grant| roles.contains(&grant.role) && grant.covers(sector, commune))
    }

    /// Whether one of these roles covers an organisation.
    pub async fn oversees(
        &self,
        app: &App,
        roles: &[Role],
        organisation: i64,
    ) -> Result<bool, Fail> {
        if !self.staff.iter().any(|grant| roles.contains(&grant.role)) {
            return Ok(false);
        }
        let found = app
            .store
            .query_one(
                sql!("SELECT sector, commune FROM organisation WHERE id = $1"),
                &params![organisation],
            )
            .await?;
        let Some(row) = found else { return Ok(false) };
        let (sector, commune): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(self.covers(roles, &sector, &commune))
    }

    /// Where this account begins its work.
    pub fn home(&self) -> String {
        if self.has(Role::Reviewer) {
            "/desk/review".to_owned()
        } else if self.has(Role::Officer) {
            "/desk/organisations".to_owned()
        } else if self.has(Role::Inspector) {
            "/desk/doubts".to_owned()
        } else if self.has(Role::Administrator) {
            "/desk/accounts".to_owned()
        } else if let Some(first) = self.member_of.first() {
            format!("/org/{}/lots", first.organisation)
        } else {
            "/join".to_owned()
        }
    }
}

/// Loads an account that is in use, with its roles as of now.
pub async fn load(store: &Store, id: i64, now: i64) -> Result<Option<Account>, Fail> {
    one(
        store,
        sql!("SELECT id, login, name FROM account WHERE id = $1 AND state = 'active'"),
        &params![id],
        now,
    )
    .await
}

async fn one(
    store: &Store,
    statement: Sql,
    by: &[Value],
    now: i64,
) -> Result<Option<Account>, Fail> {
    let Some(row) = store.query_one(statement, by).await? else { return Ok(None) };
    let id: i64 = row.get(0)?;
    let staff = store
        .query(
            sql!(
                "SELECT role, sector, area FROM staff_role
                 WHERE account = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)"
            ),
            &params![id, now],
        )
        .await?;
    let members = store
        .query(
            sql!(
                "SELECT m.organisation, o.legal_name, m.role FROM membership m
                 JOIN organisation o ON o.id = m.organisation
                 WHERE m.account = $1 AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to > $2)
                 ORDER BY m.valid_from"
            ),
            &params![id, now],
        )
        .await?;
    let mut account = Account {
        id,
        login: row.get(1)?,
        name: row.get(2)?,
        staff: Vec::new(),
        member_of: Vec::new(),
    };
    for row in &staff {
        let code: String = row.get(0)?;
        if let Some(role) = Role::of_code(&code) {
            account.staff.push(StaffRole { role, sector: row.get(1)?, area: row.get(2)? });
        }
    }
    for row in &members {
        let role: String = row.get(2)?;
        account.member_of.push(Membership {
            organisation: row.get(0)?,
            name: row.get(1)?,
            manager: role == "manager",
        });
    }
    Ok(Some(account))
}

/// A login name: a phone number or an e-mail address, as people type it, in one form.
pub fn normal_login(typed: &str) -> String {
    let typed = typed.trim();
    vietnam::phone::Phone::parse(typed)
        .map_or_else(|_| typed.to_lowercase(), |phone| phone.as_str().to_owned())
}
