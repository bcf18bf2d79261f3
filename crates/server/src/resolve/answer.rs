//! The handlers of addresses: read, look up, decide, answer in the form that was asked for.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use stamp::Kind;

use super::accept::{self, Form};
use super::address::{self, Address, Target, Unread};
use super::lookup::{self, LotState};
use super::scan::Scan;
use super::verdict::Verdict;
use super::view::{self, Band, Shown};
use super::{events, linkset};
use crate::app::App;
use crate::shared::guard::Visit;
use crate::shared::{Fail, L, limit, text};

/// One request for an address.
struct Request {
    app: App,
    l: L,
    form: Form,
    /// Whether a person looks at a page; machines and probes are not counted.
    counted: bool,
    /// The caller, for the ten minutes in which a reload is no new scan.
    from: String,
    agent: String,
}

impl Request {
    fn of(app: App, visit: &Visit, method: &Method, uri: &Uri, headers: &HeaderMap) -> Request {
        let form = accept::wanted(headers, uri.query().unwrap_or_default());
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Request {
            counted: form == Form::Page && method == Method::GET,
            app,
            l: visit.l,
            form,
            from: visit.address.clone(),
            agent: agent.unwrap_or_default().to_owned(),
        }
    }
}

/// `GET /01/…`, `GET /414/…`
pub(super) async fn link(
    State(app): State<App>,
    visit: Visit,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    let request = Request::of(app, &visit, &method, &uri, &headers);
    respond(&request, address::of_link(uri.path()), uri.path()).await
}

/// `GET /t/{code}`, `GET /T/{code}`: upper-case links make smaller QR codes.
pub(super) async fn code(
    State(app): State<App>,
    visit: Visit,
    method: Method,
    uri: Uri,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    let request = Request::of(app, &visit, &method, &uri, &headers);
    respond(&request, address::of_code(&code), uri.path()).await
}

async fn respond(
    request: &Request,
    read: Result<Address, Unread>,
    path: &str,
) -> Result<Response, Fail> {
    let address = match read {
        Ok(address) => address,
        Err(unread) => return unreadable(request, &unread, path),
    };
    match &address.target {
        Target::Item { serial, gtin, lot } => {
            item(request, &address, serial, gtin.as_deref(), lot.as_deref()).await
        }
        Target::Lot { gtin, lot } => {
            let mut found = lookup::lot(&request.app, gtin, lot).await?;
            let upper = lot.to_uppercase();
            if found.is_none() && upper != *lot {
                found = lookup::lot(&request.app, gtin, &upper).await?;
            }
            whole_lot(request, &address, found).await
        }
        Target::Product { gtin } => {
            let found = lookup::product_by_gtin(&request.app, gtin).await?;
            thing(request, &address, "products", found)
        }
        Target::Place { gln } => {
            let found = lookup::place_by_gln(&request.app, gln).await?;
            thing(request, &address, "organisations", found)
        }
        Target::Code(code) => match code.kind() {
            Kind::Trace => {
                let found = lookup::lot_by_trace(&request.app, code.as_str()).await?;
                whole_lot(request, &address, found).await
            }
            Kind::Establishment => {
                let found = lookup::place_by_code(&request.app, code.as_str()).await?;
                thing(request, &address, "organisations", found)
            }
            Kind::Product => {
                let found = lookup::product_by_code(&request.app, code.as_str()).await?;
                thing(request, &address, "products", found)
            }
            Kind::Case => Ok(Redirect::temporary(&format!("/cases/{code}")).into_response()),
        },
    }
}

/// One stamped thing.
async fn item(
    request: &Request,
    address: &Address,
    serial: &str,
    gtin: Option<&str>,
    lot: Option<&str>,
) -> Result<Response, Fail> {
    let app = &request.app;
    let waiting = app.scans.uncommitted(serial);
    let Some(stamp) = lookup::stamp(app, serial).await? else {
        return verdict_page(request, address, &Verdict::NeverIssued, None, Some(serial)).await;
    };
    let fits = stamp.fits(gtin, lot);
    if fits && request.form != Form::Page {
        return machine(request, address, &stamp.of).await;
    }
    let now = app.now();
    let again = request.counted && app.scans.again(serial, &request.from, &request.agent, now);
    if !fits {
        let verdict = Verdict::Elsewhere;
        count(request, serial, Some(stamp.of.lot), &verdict, again);
        return verdict_page(request, address, &verdict, None, Some(serial)).await;
    }
    let verdict = stamp.verdict(waiting, again, now);
    count(request, serial, Some(stamp.of.lot), &verdict, again);
    verdict_page(request, address, &verdict, Some(&stamp.of), Some(serial)).await
}

/// A code that all goods of a lot bear.
async fn whole_lot(
    request: &Request,
    address: &Address,
    found: Option<LotState>,
) -> Result<Response, Fail> {
    let Some((of, verdict)) = found.and_then(|of| Some((of.verdict()?, of))).map(|(v, of)| (of, v))
    else {
        let l = request.l;
        let band = Band::plain(
            "question",
            l.t("Chưa có hồ sơ công bố cho mã này", "Nothing is published under this code"),
            l.t(
                "Có thể lô chưa được cơ quan duyệt, hoặc mã gõ sai. Kiểm tra lại từng ký tự in trên tem.",
                "The lot may not be approved yet, or the code is mistyped. Check each character on the stamp.",
            ),
        );
        return plain(request, StatusCode::NOT_FOUND, band, &address.path);
    };
    if request.form != Form::Page {
        return machine(request, address, &of).await;
    }
    let again = request.counted
        && request.app.scans.again(
            &of.trace_code,
            &request.from,
            &request.agent,
            request.app.now(),
        );
    count(request, &of.trace_code, Some(of.lot), &verdict, again);
    verdict_page(request, address, &verdict, Some(&of), None).await
}

/// A product or a place: its page in the portal, or its linkset.
fn thing(
    request: &Request,
    address: &Address,
    folder: &str,
    found: Option<(i64, String)>,
) -> Result<Response, Fail> {
    let l = request.l;
    let Some((id, name)) = found else {
        let band = Band::plain(
            "question",
            l.t(
                "Hệ thống không có thông tin công bố về mã này",
                "Nothing is published under this code",
            ),
            l.t(
                "Mã đọc được nhưng không thuộc sản phẩm hay cơ sở nào đã công bố ở đây.",
                "The code is readable, but belongs to no product or place that is public here.",
            ),
        );
        return plain(request, StatusCode::NOT_FOUND, band, &address.path);
    };
    let page = format!("/{folder}/{id}");
    if request.form == Form::Linkset {
        return Ok(linkset::of_thing(&request.app, &address.path, &name, &page));
    }
    let mut response = Redirect::temporary(&page).into_response();
    linkset::announce(&request.app, &mut response, &address.path);
    Ok(response)
}

/// The linkset or the events of a lot.
async fn machine(request: &Request, address: &Address, of: &LotState) -> Result<Response, Fail> {
    let (Some(submission), None) = (of.submission, of.withdrawn_at) else {
        return Err(Fail::NotFound);
    };
    let part = request.app.lots.part(&request.app, request.l, of.lot, submission).await?;
    if request.form == Form::Linkset {
        return Ok(linkset::of_lot(&request.app, &address.path, &part.record));
    }
    events::of_record(&request.app, &part.record).await
}

/// Counts a look at a page, unless it is the same phone again.
fn count(request: &Request, code: &str, lot: Option<i64>, verdict: &Verdict, again: bool) {
    if !request.counted || again {
        return;
    }
    request.app.scans.push(Scan {
        code: code.to_owned(),
        lot,
        verdict: verdict.code(),
        counts: matches!(verdict, Verdict::Genuine { .. }),
        at: request.app.now(),
    });
}

async fn verdict_page(
    request: &Request,
    address: &Address,
    verdict: &Verdict,
    of: Option<&LotState>,
    serial: Option<&str>,
) -> Result<Response, Fail> {
    let (app, l) = (&request.app, request.l);
    if request.form != Form::Page {
        // A machine asked for facts, and there are none that may be given.
        return Err(Fail::NotFound);
    }
    if *verdict == Verdict::NeverIssued {
        never_issued(request, serial.unwrap_or_default());
    }
    let submission =
        of.filter(|_| verdict.shows_record()).and_then(|of| Some((of.lot, of.submission?)));
    let part = match submission {
        Some((lot, submission)) => Some(app.lots.part(app, l, lot, submission).await?),
        None => None,
    };
    let band = Band::of(l, verdict);
    let title = part.as_ref().map_or_else(|| band.title.clone(), |part| part.title.clone());
    let shown = Shown {
        status: if *verdict == Verdict::NeverIssued {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::OK
        },
        title: &title,
        band,
        notice: part.as_ref().and_then(|part| expired(l, part.expires_on, text::day_of(app.now()))),
        body: part.as_ref().map_or("", |part| &part.body),
        path: &address.path,
        serial: serial.map(|serial| {
            stamp::Serial::parse(serial)
                .map_or_else(|_| serial.to_owned(), |serial| serial.grouped())
        }),
    };
    let mut response = view::page(app, l, &shown)?;
    if part.is_some() {
        linkset::announce(app, &mut response, &address.path);
    }
    Ok(response)
}

/// Scans of numbers that were never issued are evidence of fakes, and cheap to invent: at most a
/// few of one caller are kept.
fn never_issued(request: &Request, serial: &str) {
    let app = &request.app;
    let key = format!("never-issued {}", request.from);
    if serial.len() <= 40
        && app.limiter.allow(&key, limit::PUBLIC_FORM, app.now())
        && !app.scans.again(serial, &request.from, &request.agent, app.now())
    {
        count(request, serial, None, &Verdict::NeverIssued, false);
    }
}

fn expired(l: L, on: Option<Date>, today: Date) -> Option<String> {
    let on = on.filter(|on| *on < today)?;
    let day = vietnam::format::date(on, l.0);
    Some(format!("{} {day}.", l.t("Hàng đã quá hạn dùng từ", "Past its use-by date of")))
}

fn unreadable(request: &Request, unread: &Unread, path: &str) -> Result<Response, Fail> {
    let l = request.l;
    if unread.foreign {
        let title =
            l.t("Hệ thống không có thông tin về mã này", "Nothing is known of this code here");
        let band = Band::plain("question", title, unread.sentence(l));
        return plain(request, StatusCode::NOT_FOUND, band, path);
    }
    let title = l.t("Không đọc được mã này", "This code cannot be read");
    let advice = l.t(
        "Hãy quét lại, hoặc gõ mã in dưới hình QR vào ô tìm.",
        "Scan again, or type the code printed under the QR into the search box.",
    );
    let band = Band::plain("question", title, &format!("{} {advice}", unread.sentence(l)));
    plain(request, StatusCode::BAD_REQUEST, band, path)
}

fn plain(request: &Request, status: StatusCode, band: Band, path: &str) -> Result<Response, Fail> {
    if request.form != Form::Page {
        return Err(Fail::with(status, band.sentence.clone(), band.sentence));
    }
    let title = band.title.clone();
    let shown = Shown { status, title: &title, band, notice: None, body: "", path, serial: None };
    view::page(&request.app, request.l, &shown)
}
