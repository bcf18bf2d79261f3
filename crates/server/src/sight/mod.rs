//! Who may see which events. An organisation sees
//!
//! - what it captured itself;
//! - what another captured of goods that this other says it handed to the organisation or had from it (one step forward, one step
//!   back). To name a counterpart is to let it see: nobody gains sight of a thing by speaking of it himself. What lies in a container
//!   when the container is handed over goes with it. A lot is in many hands at once: of what the other says of it, the organisation
//!   sees what names nobody else, or names it;
//! - that an event which it saw is withdrawn;
//! - what another shows it by a rule, as long as the rule stands;
//! - as an authority, what organisations of its sector and area captured.
//!
//! The public sees what was reviewed and published, through the pages of a scan, and no events of the log.

mod follow;
mod hand;
mod look;
mod oversight;
mod packing;
mod reach;
mod shared;
mod sharing;
mod verify;

pub use follow::{CURSOR, Sights, catch_up, rebuild};
pub use oversight::grant;
pub use sharing::{Rule, share};
pub use verify::verify;

use epcis::Role;
use store::{Sight, params, sql};

use crate::app::App;
use crate::identity::account::{self, StaffRole};
use crate::shared::Fail;
use crate::shared::guard::{Access, Routes};

const ADMINISTRATION: Access = Access::Staff(&[account::Role::Administrator]);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/org/{org}/sharing", Access::Manager, sharing::page)
        .post("/org/{org}/sharing", Access::Manager, sharing::create)
        .post("/org/{org}/sharing/{rule}/end", Access::Manager, sharing::end)
        .get("/desk/oversight", ADMINISTRATION, oversight::page)
        .post("/desk/oversight", ADMINISTRATION, oversight::add)
        .post("/desk/oversight/{grant}/end", ADMINISTRATION, oversight::end)
}

/// The roles that goods play in events.
fn thing_roles() -> Vec<i64> {
    (Role::Epc.code()..=Role::OutputClass.code()).map(i64::from).collect()
}

/// The reasons for which an organisation may see events.
pub async fn of(app: &App, reader: i64) -> Result<Vec<Sight>, Fail> {
    let mut sight = vec![Sight { owners: Some(vec![reader]), ..Sight::default() }];
    let seen = app
        .store
        .find(sql!("SELECT seq FROM view_seen WHERE reader = $1 LIMIT 1"), &params![reader])
        .await?;
    if seen.is_some() {
        sight.push(Sight { seen_by: Some(reader), ..Sight::default() });
    }
    sight.extend(shared::shared_with(app, reader).await?);
    sight.extend(overseen_by(app, reader).await?);
    Ok(sight)
}

/// What an authority oversees, as one reason.
async fn overseen_by(app: &App, reader: i64) -> Result<Option<Sight>, Fail> {
    let rows = app
        .store
        .find_all(
            sql!(
                "SELECT sector, area FROM oversight
                 WHERE organisation = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)"
            ),
            &params![reader, app.now()],
        )
        .await?;
    let mut grants = Vec::new();
    for row in &rows {
        grants.push(StaffRole {
            role: account::Role::Officer,
            sector: row.get(0)?,
            area: row.get(1)?,
        });
    }
    if grants.is_empty() {
        return Ok(None);
    }
    let mut owners = Vec::new();
    for row in app.store.query(sql!("SELECT id, sector, commune FROM organisation"), &[]).await? {
        let (sector, commune): (String, String) = (row.get(1)?, row.get(2)?);
        if grants.iter().any(|grant| grant.covers(&sector, &commune)) {
            owners.push(row.get(0)?);
        }
    }
    Ok(Some(Sight { owners: Some(owners), ..Sight::default() }))
}

/// The accepted organisation of a tax code, and its kind.
async fn accepted_by_tax_code(app: &App, tax_code: &str) -> Result<Option<(i64, String)>, Fail> {
    let row = app
        .store
        .find(
            sql!("SELECT id, kind FROM organisation WHERE tax_code = $1 AND state = 'accepted'"),
            &params![tax_code],
        )
        .await?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}
