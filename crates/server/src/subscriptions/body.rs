//! What a program sends to subscribe, and what is wrong with it.

use epcis::Query;
use serde_json::{Map, Value};

use super::dest::{Dest, Unfit};
use super::schedule::{Schedule, Wrong as WrongSchedule};
use crate::app::Micros;
use crate::query::format::Syntax;
use crate::query::named::{Wrong, object};

/// Longest secret, in bytes.
pub(super) const LONGEST_TOKEN: usize = 256;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub dest: String,
    pub signature_token: String,
    /// Nothing: as events come.
    pub schedule: Option<Schedule>,
    pub report_if_empty: bool,
    pub initial_record_time: Option<Micros>,
    pub syntax: Syntax,
}

const FIELDS: [&str; 8] = [
    "dest",
    "signatureToken",
    "schedule",
    "stream",
    "trigger",
    "reportIfEmpty",
    "initialRecordTime",
    "format",
];

impl Asked {
    /// Reads the body of `POST /queries/{queryName}/subscriptions`.
    pub fn read(body: &[u8], to_loopback: bool) -> Result<Asked, Vec<Wrong>> {
        let body = object(body).map_err(|wrong| vec![wrong])?;
        let unknown = body.keys().filter(|key| !FIELDS.contains(&key.as_str())).map(|key| {
            Wrong::new(
                "subscription.unknown",
                format!("/{}", key.replace('~', "~0").replace('/', "~1")),
                format!("Không có trường “{key}”."),
                format!("There is no field “{key}”."),
            )
        });
        let mut keep = Keep(unknown.collect());
        let asked = Asked {
            dest: keep.of(read_dest(&body, to_loopback)),
            signature_token: keep.of(read_token(&body)),
            schedule: keep.of(read_schedule(&body)),
            report_if_empty: keep.of(flag(&body, "reportIfEmpty")).unwrap_or(false),
            initial_record_time: keep.of(body
                .get("initialRecordTime")
                .map_or(Ok(None), |time| record_time(time.as_str().unwrap_or_default()).map(Some))),
            syntax: keep.of(read_syntax(&body)),
        };
        if keep.0.is_empty() { Ok(asked) } else { Err(keep.0) }
    }
}

/// Gathers what is wrong.
struct Keep(Vec<Wrong>);

impl Keep {
    fn of<T: Default>(&mut self, read: Result<T, Wrong>) -> T {
        read.unwrap_or_else(|wrong| {
            self.0.push(wrong);
            T::default()
        })
    }
}

fn read_dest(body: &Map<String, Value>, to_loopback: bool) -> Result<String, Wrong> {
    let wrong = |rule, vi: &str, en: &str| Wrong::new(rule, "/dest", vi, en);
    let Some(Value::String(dest)) = body.get("dest") else {
        return Err(wrong(
            "subscription.dest.missing",
            "Thiếu “dest”: địa chỉ nhận sự kiện.",
            "“dest” is missing: the address that events are sent to.",
        ));
    };
    Dest::parse(dest, to_loopback).map_err(|unfit| match unfit {
        Unfit::Url => wrong(
            "subscription.dest.url",
            "Địa chỉ nhận phải là một URL http hoặc https đầy đủ, không có “#”.",
            "The address must be a whole http or https URL, without “#”.",
        ),
        Unfit::UserInfo => wrong(
            "subscription.dest.user",
            "Địa chỉ nhận không được chứa tên và mật khẩu; hãy dùng “signatureToken”.",
            "The address must not hold a name and a password; use “signatureToken”.",
        ),
        Unfit::Port => wrong(
            "subscription.dest.port",
            "Chỉ gửi tới cổng 80, 443 hoặc từ 1024 trở lên.",
            "Events are sent to ports 80, 443, and 1024 and above.",
        ),
        Unfit::Private => wrong(
            "subscription.dest.private",
            "Địa chỉ này không thuộc internet công cộng nên không gửi tới được.",
            "This address is not of the public internet; nothing is sent there.",
        ),
    })?;
    Ok(dest.clone())
}

fn read_token(body: &Map<String, Value>) -> Result<String, Wrong> {
    match body.get("signatureToken") {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(token)) if (1..=LONGEST_TOKEN).contains(&token.len()) => {
            Ok(token.clone())
        }
        Some(_) => Err(Wrong::new(
            "subscription.token",
            "/signatureToken",
            format!("“signatureToken” là chuỗi có từ 1 đến {LONGEST_TOKEN} byte."),
            format!("“signatureToken” is a text of 1 to {LONGEST_TOKEN} bytes."),
        )),
    }
}

/// Exactly one of schedule and stream. What a `trigger` may be is the service's own affair (§8.2.5.1), and this one knows none
/// but the capture of an event, which the REST binding calls `stream`.
fn read_schedule(body: &Map<String, Value>) -> Result<Option<Schedule>, Wrong> {
    if body.get("trigger").is_some_and(|trigger| !trigger.is_null()) {
        return Err(Wrong::new(
            "subscription.trigger",
            "/trigger",
            "Ở đây không có “trigger”; để nhận ngay khi có sự kiện, dùng “stream”: true.",
            "There are no triggers here; to be told as events come, use “stream”: true.",
        ));
    }
    let stream = flag(body, "stream")?.unwrap_or(false);
    match (body.get("schedule").filter(|schedule| !schedule.is_null()), stream) {
        (None, true) => Ok(None),
        (Some(Value::Object(fields)), false) => {
            Schedule::of_json(fields).map(Some).map_err(|wrong| {
                let field = match &wrong {
                    WrongSchedule::Unknown(field) => Some(field.as_str()),
                    WrongSchedule::Field { name, .. } => Some(*name),
                    WrongSchedule::Empty | WrongSchedule::Never => None,
                };
                let path = field
                    .map_or_else(|| "/schedule".to_owned(), |field| format!("/schedule/{field}"));
                wrong_schedule(&wrong, path)
            })
        }
        (Some(_), false) => Err(Wrong::new(
            "subscription.schedule",
            "/schedule",
            "“schedule” là một đối tượng JSON.",
            "“schedule” is a JSON object.",
        )),
        (None, false) | (Some(_), true) => Err(one_of_both()),
    }
}

/// Neither or both of schedule and stream.
pub(super) fn one_of_both() -> Wrong {
    Wrong::new(
        "subscription.when",
        "/stream",
        "Cần đúng một trong hai: “schedule”, hoặc “stream”: true.",
        "Exactly one is needed: “schedule”, or “stream”: true.",
    )
}

/// What is wrong with a schedule, at a place.
pub(super) fn wrong_schedule(wrong: &WrongSchedule, path: String) -> Wrong {
    let rule = "subscription.schedule";
    match wrong {
        WrongSchedule::Unknown(field) => Wrong::new(
            rule,
            path,
            format!("Lịch không có trường “{field}”."),
            format!("A schedule has no field “{field}”."),
        ),
        WrongSchedule::Field { least, most, .. } => Wrong::new(
            rule,
            path,
            format!(
                "Chỉ nhận các số từ {least} đến {most} và khoảng như “[{least}-{most}]”, cách nhau bằng dấu phẩy."
            ),
            format!(
                "Numbers from {least} to {most} and ranges such as “[{least}-{most}]” are taken, separated by commas."
            ),
        ),
        WrongSchedule::Empty => Wrong::new(
            rule,
            path,
            "Lịch phải có ít nhất một trường.",
            "A schedule has at least one field.",
        ),
        WrongSchedule::Never => Wrong::new(
            rule,
            path,
            "Lịch này không bao giờ đến.",
            "The time of this schedule never comes.",
        ),
    }
}

fn flag(body: &Map<String, Value>, name: &str) -> Result<Option<bool>, Wrong> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Wrong::new(
            "subscription.flag",
            format!("/{name}"),
            format!("“{name}” là true hoặc false."),
            format!("“{name}” is true or false."),
        )),
    }
}

/// Reads `initialRecordTime`.
pub(super) fn record_time(text: &str) -> Result<Micros, Wrong> {
    let at = text.parse::<jiff::Timestamp>().map_err(|_| {
        Wrong::new(
            "subscription.time",
            "/initialRecordTime",
            "“initialRecordTime” là thời điểm có múi giờ, như 2026-11-22T09:14:00+07:00.",
            "“initialRecordTime” is an instant with its time zone, such as 2026-11-22T09:14:00+07:00.",
        )
    })?;
    Ok(at.as_microsecond())
}

/// `format`: an addition of ours to the binding, which has no word for it.
fn read_syntax(body: &Map<String, Value>) -> Result<Syntax, Wrong> {
    match body.get("format") {
        None | Some(Value::Null) => Ok(Syntax::Json),
        Some(Value::String(format)) if format == "application/xml" => Ok(Syntax::Xml),
        Some(Value::String(format))
            if ["application/ld+json", "application/json"].contains(&format.as_str()) =>
        {
            Ok(Syntax::Json)
        }
        Some(_) => Err(Wrong::new(
            "subscription.format",
            "/format",
            "“format” là application/ld+json hoặc application/xml.",
            "“format” is application/ld+json or application/xml.",
        )),
    }
}

/// Parameters of a query that speak of one answer and have no meaning for one that never ends (§8.2.7.1).
pub(super) fn unfit_to_follow(query: &Query) -> Option<Wrong> {
    let limited = query.event_count_limit.is_some() || query.max_event_count.is_some();
    limited.then(|| {
        Wrong::new(
            "subscription.query",
            "",
            "Truy vấn có “eventCountLimit” hoặc “maxEventCount” không đăng ký theo dõi được.",
            "A query with “eventCountLimit” or “maxEventCount” cannot be subscribed to.",
        )
    })
}
