//! What rules of others show to a reader, as few reasons as say it: every reason is a select of its own.

use std::collections::BTreeMap;

use epcis::Role;
use store::{Row, Sight, params, sql};

use crate::app::{App, Micros};
use crate::places::Place;
use crate::shared::Fail;

/// Rules that are looked at for one reader. They are taken in turns, the newest of every owner first, so that no owner's many
/// rules push out another's.
const MOST_RULES: i64 = 1_000;
/// Reasons that come of them.
const MOST_REASONS: usize = 100;
/// Lots of one product that a rule can mean, where there are few products.
const MOST_LOTS: i64 = 1_000;
/// Lots that all rules together can mean: each is a parameter of the question, and an engine takes so many.
const MOST_IDS: i64 = 10_000;

/// A product and its GTIN.
type Product = (i64, Option<String>);

/// Rules of one owner that differ only in the product.
struct Group {
    owner: i64,
    place: Option<i64>,
    since: Option<Micros>,
    /// Nothing: all products.
    products: Option<Vec<Product>>,
}

impl Group {
    /// Whether this shows all that another shows.
    fn covers(&self, other: &Group) -> bool {
        self.products.is_none()
            && self.owner == other.owner
            && (self.place.is_none() || self.place == other.place)
            && (self.since.is_none() || self.since <= other.since)
            && (self.place, self.since, true)
                != (other.place, other.since, other.products.is_none())
    }
}

/// The reasons to see events that rules of others give a reader.
pub(super) async fn shared_with(app: &App, reader: i64) -> Result<Vec<Sight>, Fail> {
    let rows = app
        .store
        .find_all(
            sql!(
                "SELECT owner, since, product, gtin, place FROM (
                   SELECT r.owner, r.since, r.product, p.gtin, r.place, r.valid_from,
                     ROW_NUMBER() OVER (PARTITION BY r.owner ORDER BY r.valid_from DESC, r.id DESC) AS turn
                   FROM share_rule r LEFT JOIN product p ON p.id = r.product
                   WHERE r.reader = $1 AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to > $2)) AS standing
                 ORDER BY turn, valid_from DESC, owner LIMIT $3"
            ),
            &params![reader, app.now(), MOST_RULES],
        )
        .await?;
    let mut groups = grouped(&rows)?;
    let covered: Vec<bool> =
        groups.iter().map(|one| groups.iter().any(|other| other.covers(one))).collect();
    let mut covered = covered.into_iter();
    groups.retain(|_| !covered.next().unwrap_or_default());
    reasons(app, groups).await
}

fn grouped(rows: &[Row]) -> Result<Vec<Group>, Fail> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: BTreeMap<(i64, Option<i64>, Option<Micros>), usize> = BTreeMap::new();
    for row in rows {
        let (owner, since, place) = (row.get(0)?, row.get(1)?, row.get(4)?);
        let product: Option<i64> = row.get(2)?;
        let gtin: Option<String> = row.get(3)?;
        let product = product.map(|product| (product, gtin));
        let Some(at) = known.get(&(owner, place, since)) else {
            known.insert((owner, place, since), groups.len());
            groups.push(Group { owner, place, since, products: product.map(|one| vec![one]) });
            continue;
        };
        let group = &mut groups[*at];
        match (&mut group.products, product) {
            (Some(products), Some(product)) => products.push(product),
            _ => group.products = None,
        }
    }
    Ok(groups)
}

async fn reasons(app: &App, groups: Vec<Group>) -> Result<Vec<Sight>, Fail> {
    let products = groups.iter().flat_map(|group| &group.products).map(Vec::len).sum::<usize>();
    let lots = (MOST_IDS / i64::try_from(products.max(1)).unwrap_or(MOST_IDS)).clamp(10, MOST_LOTS);
    let mut reasons: Vec<Sight> = Vec::new();
    for group in groups {
        let mut ids = Vec::new();
        if let Some(products) = group.products {
            let mut of_products = Vec::new();
            for (product, gtin) in products {
                of_products.extend(ids_of_product(app, product, gtin, lots).await?);
            }
            ids.push((Vec::new(), of_products));
        }
        if let Some(place) = group.place {
            let roles = [Role::ReadPoint, Role::BizLocation].map(|role| i64::from(role.code()));
            ids.push((roles.to_vec(), ids_of_place(app, group.owner, place).await?));
        }
        // Owners who show everything are one reason together.
        let whole = ids.is_empty();
        let same = |one: &&mut Sight| whole && one.ids.is_empty() && one.since == group.since;
        if let Some(Sight { owners: Some(owners), .. }) = reasons.iter_mut().find(same) {
            owners.push(group.owner);
        } else if reasons.len() < MOST_REASONS {
            let owners = Some(vec![group.owner]);
            reasons.push(Sight { owners, seen_by: None, ids, since: group.since });
        }
    }
    Ok(reasons)
}

/// By what events of a product are found: its class, and its newest lots of those that have a number of ours.
async fn ids_of_product(
    app: &App,
    product: i64,
    gtin: Option<String>,
    most: i64,
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
            &params![product, most],
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
