//! Places in the register: making, changing and finding them. Everything here works without
//! HTTP, for the demonstration province and for tests.

use std::collections::BTreeMap;

use serde_json::json;
use stamp::code::{Code, Kind};
use store::{Tx, Value, params, sql};

use super::{CODE_ROOT, GLN_ROOT, KINDS, NewPlace, Place};
use crate::app::App;
use crate::organisations::{self, Organisation};
use crate::shared::{Fail, audit};

/// Draws of a code before giving up; 40 random bits meet once in a million million.
const DRAWS: usize = 8;
/// Places looked up in one statement by [`by_uris`].
const AT_ONCE: usize = 8;

/// One place of an organisation; another's is not found.
pub async fn load(app: &App, org: i64, id: i64) -> Result<Place, Fail> {
    let row = app
        .store
        .query_one(
            sql!("SELECT * FROM place WHERE organisation = $1 AND id = $2"),
            &params![org, id],
        )
        .await?;
    Place::of_row(&row.ok_or(Fail::NotFound)?)
}

/// The places of an organisation that are in use, by name.
pub async fn of_organisation(app: &App, org: i64) -> Result<Vec<Place>, Fail> {
    let all = all_of(app, org).await?;
    Ok(all.into_iter().filter(|place| place.closed_at.is_none()).collect())
}

/// All places of an organisation, closed ones too: goods were sent there, and happened there.
pub async fn all_of(app: &App, org: i64) -> Result<Vec<Place>, Fail> {
    let rows = app
        .store
        .query(
            sql!("SELECT * FROM place WHERE organisation = $1 ORDER BY name, id LIMIT 5000"),
            &params![org],
        )
        .await?;
    rows.iter().map(Place::of_row).collect()
}

/// The places that identifiers in events mean, with the legal names of their organisations. An
/// identifier that is nobody's place is left out. EPC URNs of locations (`urn:epc:id:sgln:…`)
/// and links of other resolvers are understood like their canonical link; a sub-location
/// (AI 254) is its place.
pub async fn by_uris(app: &App, uris: &[&str]) -> Result<BTreeMap<String, (Place, String)>, Fail> {
    let mut found = BTreeMap::new();
    // What can be nobody's place here is not asked for.
    let keyed: Vec<(&str, Key)> =
        uris.iter().filter_map(|uri| Some((*uri, Key::of(uri)?))).collect();
    for some in keyed.chunks(AT_ONCE) {
        // Empty texts fill up to the fixed number of parameters; no code and no GLN is empty.
        let filled = |of: fn(&Key) -> Option<&str>| {
            let mut values: Vec<Value> =
                some.iter().map(|(_, key)| of(key).unwrap_or_default().into()).collect();
            values.resize(AT_ONCE, "".into());
            values
        };
        let mut values = filled(Key::code);
        values.extend(filled(Key::gln));
        let rows = app
            .store
            .query(
                sql!(
                    "SELECT p.*, o.legal_name AS organisation_name FROM place p
                     JOIN organisation o ON o.id = p.organisation
                     WHERE p.code IN ($1, $2, $3, $4, $5, $6, $7, $8)
                        OR p.gln IN ($9, $10, $11, $12, $13, $14, $15, $16)"
                ),
                &values,
            )
            .await?;
        for row in &rows {
            let place = Place::of_row(row)?;
            let name: String = row.at("organisation_name")?;
            for (uri, key) in some {
                if key.means(&place) {
                    found.insert((*uri).to_owned(), (place.clone(), name.clone()));
                }
            }
        }
    }
    Ok(found)
}

/// What an identifier of a place in an event says.
enum Key {
    Code(String),
    Gln(String),
}

impl Key {
    /// Nothing for what cannot be a place of the register.
    fn of(uri: &str) -> Option<Key> {
        if let Some(code) = uri.strip_prefix(CODE_ROOT) {
            let code = Code::parse_kind(Kind::Establishment, code).ok()?;
            return Some(Key::Code(code.as_str().to_owned()));
        }
        let canonical = gs1::canonical_id(uri);
        let gln = canonical.strip_prefix(GLN_ROOT)?.split('/').next()?;
        Some(Key::Gln(gln.to_owned()))
    }

    fn code(&self) -> Option<&str> {
        if let Key::Code(code) = self { Some(code) } else { None }
    }

    fn gln(&self) -> Option<&str> {
        if let Key::Gln(gln) = self { Some(gln) } else { None }
    }

    fn means(&self, place: &Place) -> bool {
        match self {
            Key::Code(code) => place.code == *code,
            Key::Gln(gln) => place.gln.as_ref() == Some(gln),
        }
    }
}

/// A GLN as typed: 13 digits with the right check digit that no other place has. Empty is none.
///
/// # Errors
/// [`Fail::Refused`] with the sentence for the field.
pub(super) async fn free_gln(
    app: &App,
    typed: &str,
    of_place: Option<i64>,
) -> Result<Option<String>, Fail> {
    if typed.is_empty() {
        return Ok(None);
    }
    let gln = checked_gln(typed)?;
    let taken = app
        .store
        .query_one(
            sql!("SELECT id FROM place WHERE gln = $1 AND id <> $2"),
            &params![&gln, of_place.unwrap_or_default()],
        )
        .await?;
    if taken.is_some() { Err(gln_taken()) } else { Ok(Some(gln)) }
}

fn checked_gln(typed: &str) -> Result<String, Fail> {
    gs1::Gln::parse(typed).map(|gln| gln.as_str().to_owned()).map_err(|error| {
        Fail::refused(
            format!("{}.", error.message(gs1::Lang::Vi)),
            format!("{}.", error.message(gs1::Lang::En)),
        )
    })
}

fn gln_taken() -> Fail {
    Fail::refused(
        "Mã GLN này đã được ghi cho một địa điểm khác. Mỗi địa điểm có mã GLN riêng; kiểm tra lại số. Nếu số đúng là của đơn vị bạn, hãy báo cơ quan tiếp nhận: cán bộ kiểm tra và gỡ số khỏi nơi ghi sai.",
        "This GLN is registered for another place. Every place has its own GLN; check the number. If it is yours, tell the office that accepted you: an officer checks it and takes it from where it stands wrongly.",
    )
}

/// What must hold wherever the data came from.
fn checked(new: &NewPlace) -> Result<Option<String>, Fail> {
    if !KINDS.iter().any(|kind| kind.0 == new.kind) || new.name.is_empty() {
        return Err(Fail::refused(
            "Địa điểm cần có loại và tên.",
            "A place needs a kind and a name.",
        ));
    }
    if vietnam::units::commune(&new.commune).is_none() {
        return Err(Fail::refused("Địa điểm cần có xã, phường.", "A place needs a commune."));
    }
    new.gln.as_deref().map(checked_gln).transpose()
}

/// Declares a place of an accepted organisation and draws its establishment code.
pub async fn create(app: &App, actor: i64, org: i64, new: &NewPlace) -> Result<Place, Fail> {
    organisations::accepted(app, org).await?;
    let mut tx = app.store.begin().await?;
    let place = insert(app, &mut tx, actor, org, new).await?;
    tx.commit().await?;
    Ok(place)
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: i64,
    org: i64,
    new: &NewPlace,
) -> Result<Place, Fail> {
    let gln = checked(new)?;
    for _ in 0..DRAWS {
        let place = Place {
            id: app.id(),
            organisation: org,
            code: app.draw(|rng| Code::random(Kind::Establishment, rng)).as_str().to_owned(),
            kind: new.kind.clone(),
            name: new.name.clone(),
            commune: new.commune.clone(),
            address_line: new.address_line.clone(),
            gln: gln.clone(),
            gln_checked_at: None,
            area_m2: new.area_m2,
            note: new.note.clone(),
            closed_at: None,
            version: 1,
        };
        if write(app, tx, &place).await? {
            audit::record(app, tx, actor, change("create", json!({}), &place)).await?;
            return Ok(place);
        }
        // The key that exists already is the GLN or, hardly ever, the code just drawn.
        if let Some(gln) = &gln
            && tx
                .query_one(sql!("SELECT id FROM place WHERE gln = $1"), &params![gln])
                .await?
                .is_some()
        {
            return Err(gln_taken());
        }
    }
    Err(Fail::internal("no free establishment code was drawn"))
}

/// Whether the row was new.
async fn write(app: &App, tx: &mut Tx, place: &Place) -> Result<bool, Fail> {
    let made = tx
        .execute(
            sql!(
                "INSERT INTO place (id, organisation, code, kind, name, commune, address_line, gln, area_m2, note,
                   valid_from, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)
                 ON CONFLICT DO NOTHING"
            ),
            &params![
                place.id,
                place.organisation,
                &place.code,
                &place.kind,
                &place.name,
                &place.commune,
                &place.address_line,
                &place.gln,
                place.area_m2,
                &place.note,
                app.now()
            ],
        )
        .await?;
    Ok(made == 1)
}

pub(super) fn change<'a>(
    action: &'a str,
    before: serde_json::Value,
    after: &Place,
) -> audit::Change<'a> {
    audit::Change {
        subject_kind: "place",
        subject: after.id,
        action,
        organisation: Some(after.organisation),
        before,
        after: after.as_json(),
    }
}

/// Changes a place. `version` is the one the form was opened with.
///
/// # Errors
/// [`Fail::stale`] if somebody changed it since; a refusal if a GLN that events may name is
/// taken away, since they would no longer lead to this place.
pub async fn update(
    app: &App,
    actor: i64,
    before: &Place,
    new: &NewPlace,
    version: i64,
) -> Result<Place, Fail> {
    let gln = checked(new)?;
    let mut tx = app.store.begin().await?;
    if before.gln.is_some() && before.gln != gln && has_lots(&mut tx, before).await? {
        return Err(Fail::refused(
            "Địa điểm đã có lô ghi theo mã GLN này nên không đổi được mã. Nếu mã sai, hãy khai địa điểm mới.",
            "Lots are recorded under this GLN, so it cannot be changed. If it is wrong, declare a new place.",
        ));
    }
    // Another number is another question.
    let gln_checked_at = before.gln_checked_at.filter(|_| before.gln == gln);
    let changed = tx
        .execute(
            sql!(
                "UPDATE place SET kind = $4, name = $5, commune = $6, address_line = $7, gln = $8, gln_checked_at = $11,
                   area_m2 = $9, note = $10, version = version + 1
                 WHERE organisation = $1 AND id = $2 AND version = $3"
            ),
            &params![
                before.organisation,
                before.id,
                version,
                &new.kind,
                &new.name,
                &new.commune,
                &new.address_line,
                &gln,
                new.area_m2,
                &new.note,
                gln_checked_at
            ],
        )
        .await;
    match changed {
        Err(error) if error.is_unique_violation() => return Err(gln_taken()),
        Err(error) => return Err(error.into()),
        Ok(0) => return Err(Fail::stale()),
        Ok(_) => {}
    }
    let after = Place {
        kind: new.kind.clone(),
        name: new.name.clone(),
        commune: new.commune.clone(),
        address_line: new.address_line.clone(),
        gln,
        gln_checked_at,
        area_m2: new.area_m2,
        note: new.note.clone(),
        version: version + 1,
        ..before.clone()
    };
    audit::record(app, &mut tx, actor, change("update", before.as_json(), &after)).await?;
    tx.commit().await?;
    Ok(after)
}

async fn has_lots(tx: &mut Tx, place: &Place) -> Result<bool, Fail> {
    let row = tx
        .query_one(
            sql!("SELECT id FROM lot WHERE organisation = $1 AND place = $2 LIMIT 1"),
            &params![place.organisation, place.id],
        )
        .await?;
    Ok(row.is_some())
}

/// The first place of an organisation that was accepted: its seat, where its address is. One that
/// has a place already (it was accepted before) gets no second.
pub async fn open_seat(app: &App, tx: &mut Tx, actor: i64, o: &Organisation) -> Result<(), Fail> {
    let known = tx
        .query_one(sql!("SELECT id FROM place WHERE organisation = $1 LIMIT 1"), &params![o.id])
        .await?;
    if known.is_some() {
        return Ok(());
    }
    let kind = match o.kind.as_str() {
        "slaughterhouse" => "slaughter",
        "processor" => "plant",
        "market" => "market",
        "shop" => "shop",
        _ => "office",
    };
    let seat = NewPlace {
        kind: kind.to_owned(),
        name: o.legal_name.clone(),
        commune: o.commune.clone(),
        address_line: o.address_line.clone(),
        ..NewPlace::default()
    };
    insert(app, tx, actor, o.id, &seat).await?;
    Ok(())
}
