//! Who may see which events. An organisation sees
//!
//! - what it captured itself;
//! - what another captured of goods that this other says it handed to the organisation or had from it (one step forward, one step
//!   back). To name a counterpart is to let it see: nobody gains sight of a thing by speaking of it himself. What lies in a container
//!   goes with the container;
//! - what another shows it by a rule, as long as the rule stands;
//! - as an authority, what organisations of its sector and area captured.
//!
//! The public sees what was reviewed and published, through the pages of a scan, and no events of the log.

mod follow;
mod hand;
mod oversight;
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
use crate::places::Place;
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

/// Rules of others that are looked at for one reader, the newest first.
const MOST_RULES: i64 = 200;
/// Lots of one product that a rule can mean.
const MOST_LOTS: i64 = 1_000;

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
    sight.extend(shared_with(app, reader).await?);
    sight.extend(overseen_by(app, reader).await?);
    Ok(sight)
}

/// What rules of others show.
async fn shared_with(app: &App, reader: i64) -> Result<Vec<Sight>, Fail> {
    let rules = app
        .store
        .find_all(
            sql!(
                "SELECT r.owner, r.since, r.product, p.gtin, r.place FROM share_rule r
                 LEFT JOIN product p ON p.id = r.product
                 WHERE r.reader = $1 AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to > $2)
                 ORDER BY r.valid_from DESC LIMIT $3"
            ),
            &params![reader, app.now(), MOST_RULES],
        )
        .await?;
    let mut sight = Vec::new();
    for rule in &rules {
        let (owner, since): (i64, Option<i64>) = (rule.get(0)?, rule.get(1)?);
        let (product, place): (Option<i64>, Option<i64>) = (rule.get(2)?, rule.get(4)?);
        let mut ids = Vec::new();
        if let Some(product) = product {
            ids.push((Vec::new(), ids_of_product(app, product, rule.get(3)?).await?));
        }
        if let Some(place) = place {
            let roles = [Role::ReadPoint, Role::BizLocation].map(|role| i64::from(role.code()));
            ids.push((roles.to_vec(), ids_of_place(app, owner, place).await?));
        }
        sight.push(Sight { owners: Some(vec![owner]), seen_by: None, ids, since });
    }
    Ok(sight)
}

/// By what events of a product are found: its class, and its newest lots of those that have a number of ours.
async fn ids_of_product(
    app: &App,
    product: i64,
    gtin: Option<String>,
) -> Result<Vec<String>, Fail> {
    let mut ids: Vec<String> =
        gtin.map(|gtin| format!("https://id.gs1.org/01/{gtin}")).into_iter().collect();
    let lots = app
        .store
        .find_all(
            sql!(
                "SELECT item FROM lot WHERE product = $1 AND substr(item, 1, 14) = 'urn:nguon:lot:'
                 ORDER BY opened_at DESC LIMIT $2"
            ),
            &params![product, MOST_LOTS],
        )
        .await?;
    for lot in &lots {
        ids.push(lot.get(0)?);
    }
    Ok(ids)
}

async fn ids_of_place(app: &App, owner: i64, place: i64) -> Result<Vec<String>, Fail> {
    let place: Place = crate::places::load(app, owner, place).await?;
    Ok(vec![epcis::canonical(&place.uri())])
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
