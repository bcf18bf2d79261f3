//! What the register knows of the things and places that a batch of events speaks of, looked up
//! once for the whole batch.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use epcis::Role;
use store::{Tx, params, sql};

use super::{Caller, Said, party_uri};
use crate::app::App;
use crate::lots::{self, Lot};
use crate::places::{self, Place};
use crate::shared::Fail;

/// Registered places, products and lots by their identifiers in events.
pub struct Known {
    /// Places with the names of their organisations, by identifier.
    pub places: HashMap<String, (Place, String)>,
    /// Owner by GTIN.
    pub products: HashMap<String, i64>,
    pub lots: BTreeMap<String, Lot>,
    /// Lots opened in the same transaction: nobody else can see them, so there is nothing to lock.
    opened: BTreeSet<i64>,
    /// Under which names others address the caller: as a party, and by its places.
    pub parties: Vec<String>,
}

fn is_place(role: Role) -> bool {
    matches!(role, Role::ReadPoint | Role::BizLocation)
}

/// Whether a role is that of goods.
pub fn is_thing(role: Role) -> bool {
    role.code() <= Role::OutputClass.code()
}

/// The GTIN within a canonical identifier.
pub fn gtin_of(id: &str) -> Option<&str> {
    let rest = id.strip_prefix("https://id.gs1.org/01/")?;
    rest.get(..14).filter(|gtin| gtin.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Known {
    pub(super) async fn gather(
        app: &App,
        caller: &Caller,
        said: &[Said],
        opened: &[Lot],
    ) -> Result<Known, Fail> {
        let (mut uris, mut things) = (BTreeSet::new(), BTreeSet::new());
        for posting in said.iter().flat_map(|one| &one.postings) {
            if is_place(posting.role) {
                uris.insert(posting.id.as_str());
            } else if is_thing(posting.role) {
                things.insert(posting.id.as_str());
            }
        }
        let uris: Vec<&str> = uris.into_iter().collect();
        let places = places::by_uris(app, &uris).await?.into_iter().collect();
        let gtins: BTreeSet<&str> = things.iter().filter_map(|id| gtin_of(id)).collect();
        let products = owners(app, &gtins.into_iter().collect::<Vec<_>>()).await?;
        let ours: Vec<String> = things
            .into_iter()
            .filter(|id| {
                id.starts_with("urn:nguon:lot:")
                    || gtin_of(id).is_some_and(|gtin| products.contains_key(gtin))
            })
            .map(str::to_owned)
            .collect();
        let mut lots: BTreeMap<String, Lot> = lots::by_items(app, &ours)
            .await?
            .into_iter()
            .map(|lot| (lot.item.clone(), lot))
            .collect();
        lots.extend(opened.iter().map(|lot| (lot.item.clone(), lot.clone())));
        let mut parties = vec![party_uri(caller.organisation)];
        if lots.values().any(|lot| lot.organisation != caller.organisation) {
            let own = places::all_of(app, caller.organisation).await?;
            parties.extend(own.iter().map(|place| epcis::canonical(&place.uri())));
        }
        Ok(Known {
            places,
            products,
            lots,
            opened: opened.iter().map(|lot| lot.id).collect(),
            parties,
        })
    }

    pub fn has_lots(&self) -> bool {
        !self.lots.is_empty()
    }

    /// Keeps other captures away from these lots until the transaction ends, so that two of them
    /// cannot both spend the same kilograms.
    pub async fn lock(&self, tx: &mut Tx) -> Result<(), Fail> {
        let mut ids: Vec<i64> =
            self.lots.values().map(|lot| lot.id).filter(|id| !self.opened.contains(id)).collect();
        // Always in one order: no two captures wait for each other.
        ids.sort_unstable();
        for id in ids {
            tx.execute(sql!("UPDATE lot SET version = version WHERE id = $1"), &params![id])
                .await?;
        }
        Ok(())
    }
}

async fn owners(app: &App, gtins: &[&str]) -> Result<HashMap<String, i64>, Fail> {
    let mut found = HashMap::new();
    for eight in gtins.chunks(8) {
        // A statement has a fixed number of parameters; the last one fills the rest.
        let at = |place: usize| eight.get(place).or(eight.last()).copied().unwrap_or_default();
        let rows = app
            .store
            .find_all(
                sql!("SELECT gtin, organisation FROM product WHERE gtin IN ($1, $2, $3, $4, $5, $6, $7, $8)"),
                &params![at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)],
            )
            .await?;
        for row in &rows {
            found.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(found)
}
