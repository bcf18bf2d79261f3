//! `subscribe`, `unsubscribe` and `getSubscriptionIDs` (EPCIS 1.2 and 2.0 §8.2.5): subscriptions like those of the REST
//! binding, delivered by the same runner, under the names that their makers give them. The parameters of a subscription
//! are kept as a named query of its own.

use epcis::{Element, EpcFormat, EventTime, Query, Version};
use serde_json::{Map, Value};
use store::{params, sql};

use super::fault::{Exception, Fault};
use super::operations::{EVENTS, MASTER_DATA, needed, no_such_name};
use super::params::{self, Param};
use crate::app::{App, Micros};
use crate::identity::key::KeyHolder;
use crate::query::format::Syntax;
use crate::query::named::{self, Creating, Named};
use crate::query::negotiate::Spelling;
use crate::shared::Fail;
use crate::subscriptions::Asked;
use crate::subscriptions::dest::Dest;
use crate::subscriptions::register;
use crate::subscriptions::schedule::Schedule;

/// The trigger of a subscription to events as they come (§8.2.5.3 leaves the names of triggers to the service).
pub const TRIGGER: &str = "urn:nguon:trigger:capture";
/// Longest subscription id, in characters.
const LONGEST_ID: usize = 100;
/// How long a name is kept for a call that is making its subscription.
const RESERVED: Micros = 60_000_000;
/// Subscriptions told in one answer.
const MOST: usize = 1_000;

fn controls(vi: impl Into<String>, en: impl Into<String>) -> Fault {
    Fault::new(Exception::SubscriptionControls, vi, en)
}

/// `subscribe`
pub(super) async fn subscribe(
    app: &App,
    holder: &KeyHolder,
    call: &Element,
    version: Version,
) -> Result<(), Fault> {
    let query_name = needed(call, "queryName")?;
    let id = needed(call, "subscriptionID")?;
    let length = id.chars().count();
    if length == 0 || length > LONGEST_ID || id.chars().any(char::is_control) {
        return Err(Fault::new(
            Exception::Validation,
            format!("subscriptionID có từ 1 đến {LONGEST_ID} ký tự."),
            format!("A subscriptionID has 1 to {LONGEST_ID} characters."),
        ));
    }
    let params = params::read(call)?;
    let query = query_of(app, holder, query_name, &params).await?;
    let asked = asked(app, call)?;
    reserve(app, holder, id, query_name, version).await?;
    let made = make(app, holder, id, query_name, &params, query, &asked).await;
    if made.is_err() {
        forget(app, holder.organisation, id).await?;
    }
    made
}

/// The query that is subscribed to: the standard's with its parameters, or one that is kept under a name.
async fn query_of(
    app: &App,
    holder: &KeyHolder,
    name: &str,
    params: &[Param],
) -> Result<Query, Fault> {
    let query = match name {
        // §8.2.7.2: it is asked, not subscribed to.
        MASTER_DATA => {
            return Err(Fault::new(
                Exception::SubscribeNotPermitted,
                format!("{MASTER_DATA} chỉ hỏi bằng poll, không đăng ký nhận được."),
                format!("{MASTER_DATA} is polled; it cannot be subscribed to."),
            ));
        }
        EVENTS => params::event_query(params)?,
        name => {
            let named = named::load(app, holder.organisation, name).await?;
            let named = named.ok_or_else(|| no_such_name(name))?;
            params::none(params)?;
            named.query
        }
    };
    if query.event_count_limit.is_some() || query.max_event_count.is_some() {
        return Err(params::wrong(
            "eventCountLimit, maxEventCount",
            "không dùng được cho đăng ký nhận",
            "these have no meaning for a subscription",
        ));
    }
    Ok(query)
}

/// Destination and controls.
fn asked(app: &App, call: &Element) -> Result<Asked, Fault> {
    let dest = needed(call, "dest")?;
    Dest::parse(dest, app.config.webhooks.to_loopback).map_err(|_| {
        Fault::new(
            Exception::InvalidUri,
            format!("Không gửi tới “{dest}” được: cần một URL http hoặc https của internet công cộng, không có tên, mật khẩu hay “#”."),
            format!("Nothing can be sent to “{dest}”: an http or https URL of the public internet is needed, without name, password or “#”."),
        )
    })?;
    let Some(given) = call.child("controls") else {
        return Err(controls("Thiếu phần tử “controls”.", "The element “controls” is missing."));
    };
    let text = |name: &str| given.child(name).map(|child| child.text.trim());
    let schedule = match (given.child("schedule"), text("trigger").filter(|t| !t.is_empty())) {
        (Some(schedule), None) => Some(read_schedule(schedule)?),
        (None, Some(TRIGGER)) => None,
        (None, Some(other)) => {
            return Err(controls(
                format!("Không có trigger “{other}”; ở đây có {TRIGGER}."),
                format!("There is no trigger “{other}”; there is {TRIGGER}."),
            ));
        }
        _ => {
            return Err(controls(
                "Cần đúng một trong hai: schedule hoặc trigger.",
                "Exactly one of schedule and trigger is needed.",
            ));
        }
    };
    let initial_record_time = match text("initialRecordTime").filter(|time| !time.is_empty()) {
        None => None,
        Some(time) => Some(EventTime::parse(time).map(|time| time.micros).map_err(|_| {
            controls(
                "initialRecordTime phải là thời điểm có múi giờ.",
                "initialRecordTime must be an instant with its time zone.",
            )
        })?),
    };
    let report_if_empty = match text("reportIfEmpty") {
        Some("true" | "1") => true,
        Some("false" | "0") => false,
        _ => {
            return Err(controls(
                "reportIfEmpty phải là true hoặc false.",
                "reportIfEmpty must be true or false.",
            ));
        }
    };
    Ok(Asked {
        dest: dest.to_owned(),
        signature_token: String::new(),
        schedule,
        report_if_empty,
        initial_record_time,
        syntax: Syntax::Xml,
    })
}

fn read_schedule(element: &Element) -> Result<Schedule, Fault> {
    let fields = element.children.iter().filter(|child| child.namespace.is_empty());
    let fields = fields.map(|child| (child.name.as_str(), child.text.trim()));
    Schedule::parse(fields).map_err(|_| {
        controls(
            "schedule cần ít nhất một trong second, minute, hour, dayOfMonth, month, dayOfWeek, là số và khoảng như “[1-5],7”, và phải có lúc đến.",
            "A schedule needs at least one of second, minute, hour, dayOfMonth, month, dayOfWeek, numbers and ranges such as “[1-5],7”, and a time that comes.",
        )
    })
}

/// Takes the name of a subscription, so that two calls cannot make it at once.
async fn reserve(
    app: &App,
    holder: &KeyHolder,
    id: &str,
    query_name: &str,
    version: Version,
) -> Result<(), Fault> {
    let (owner, now) = (holder.organisation, app.now());
    let number = if version == Version::V1_2 { 1 } else { 2 };
    // What ended elsewhere, or was never made, gives its name back.
    let free = sql!(
        "DELETE FROM soap_subscription WHERE organisation = $1 AND name = $2 AND reserved_at < $3
           AND NOT EXISTS (SELECT 1 FROM subscription WHERE id = soap_subscription.subscription)"
    );
    app.store.execute(free, &params![owner, id, now - RESERVED]).await.map_err(Fail::from)?;
    let taken = app
        .store
        .execute(
            sql!(
                "INSERT INTO soap_subscription (organisation, name, query_name, version, subscription, reserved_at)
                 VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT DO NOTHING"
            ),
            &params![owner, id, query_name, number, now],
        )
        .await
        .map_err(Fail::from)?;
    if taken == 1 {
        return Ok(());
    }
    Err(Fault::new(
        Exception::DuplicateSubscription,
        format!("Đã có đăng ký nhận tên “{id}”."),
        format!("There is a subscription of the name “{id}” already."),
    ))
}

async fn forget(app: &App, owner: i64, id: &str) -> Result<(), Fault> {
    let gone = sql!("DELETE FROM soap_subscription WHERE organisation = $1 AND name = $2");
    app.store.execute(gone, &params![owner, id]).await.map_err(Fail::from)?;
    Ok(())
}

/// Under which name the parameters of a subscription are kept. No name that the REST binding takes has a slash.
fn kept_as(query_name: &str, id: &str) -> String {
    format!("{query_name}/{id}")
}

async fn make(
    app: &App,
    holder: &KeyHolder,
    id: &str,
    query_name: &str,
    params: &[Param],
    query: Query,
    asked: &Asked,
) -> Result<(), Fault> {
    let mut name = query_name.to_owned();
    if query_name == EVENTS && !params.is_empty() {
        name = kept_as(query_name, id);
        let list = |param: &Param| {
            let void = param.values.is_empty();
            let values = if void { vec!["true".to_owned()] } else { param.values.clone() };
            (param.name.clone(), Value::from(values))
        };
        let definition: Map<String, Value> = params.iter().map(list).collect();
        let kept = Named { name: name.clone(), definition, query };
        // Of a subscription that ended while its name was not given back.
        named::remove(app, holder, &name).await?;
        if named::create(app, holder, &kept).await? != Creating::Created {
            return Err(too_many());
        }
    }
    let spelling = Spelling { epc: EpcFormat::Urn, ..Spelling::of_codes("", "") };
    let Some(made) = register::create(app, holder, &name, asked, spelling).await? else {
        if name != query_name {
            named::remove(app, holder, &name).await?;
        }
        return Err(too_many());
    };
    let told = sql!(
        "UPDATE soap_subscription SET subscription = $3 WHERE organisation = $1 AND name = $2"
    );
    let values = params![holder.organisation, id, made.id];
    app.store.execute(told, &values).await.map_err(Fail::from)?;
    Ok(())
}

fn too_many() -> Fault {
    Fault::new(
        Exception::SubscribeNotPermitted,
        "Đơn vị đã có quá nhiều đăng ký nhận hoặc truy vấn; hãy bỏ bớt.",
        "Your organisation has too many subscriptions or queries; end some.",
    )
}

/// `unsubscribe`: what was made over SOAP by its name, what was made over REST by its number.
pub(super) async fn unsubscribe(
    app: &App,
    holder: &KeyHolder,
    call: &Element,
) -> Result<(), Fault> {
    let id = needed(call, "subscriptionID")?;
    let owner = holder.organisation;
    let row = app
        .store
        .query_one(
            sql!("SELECT query_name, subscription FROM soap_subscription WHERE organisation = $1 AND name = $2"),
            &params![owner, id],
        )
        .await
        .map_err(Fail::from)?;
    let ended = match row {
        Some(row) => {
            let query_name: String = row.get(0).map_err(Fail::from)?;
            let number: i64 = row.get(1).map_err(Fail::from)?;
            let ended = register::end(app, holder.made_by, owner, None, number).await?;
            named::remove(app, holder, &kept_as(&query_name, id)).await?;
            forget(app, owner, id).await?;
            ended
        }
        None => match id.parse() {
            Ok(number) => register::end(app, holder.made_by, owner, None, number).await?,
            Err(_) => false,
        },
    };
    if ended {
        return Ok(());
    }
    Err(Fault::new(
        Exception::NoSuchSubscription,
        format!("Không có đăng ký nhận “{id}”."),
        format!("There is no subscription “{id}”."),
    ))
}

/// `getSubscriptionIDs`
pub(super) async fn ids(
    app: &App,
    holder: &KeyHolder,
    call: &Element,
) -> Result<Vec<String>, Fault> {
    let query_name = needed(call, "queryName")?;
    let owner = holder.organisation;
    if query_name != MASTER_DATA && !named::exists(app, owner, query_name).await? {
        return Err(no_such_name(query_name));
    }
    let rows = app
        .store
        .query(
            sql!(
                "SELECT s.name, s.subscription FROM soap_subscription s JOIN subscription t ON t.id = s.subscription
                 WHERE s.organisation = $1 AND s.query_name = $2 ORDER BY s.name LIMIT $3"
            ),
            &params![owner, query_name, MOST as i64],
        )
        .await
        .map_err(Fail::from)?;
    let mut names = Vec::with_capacity(rows.len());
    let mut numbers = Vec::with_capacity(rows.len());
    for row in &rows {
        names.push(row.get::<String>(0).map_err(Fail::from)?);
        numbers.push(row.get::<i64>(1).map_err(Fail::from)?);
    }
    let others = register::list(app, owner, query_name, 0, MOST).await?;
    let others = others.iter().filter(|one| !numbers.contains(&one.id));
    names.extend(others.map(|one| one.id.to_string()));
    Ok(names)
}
