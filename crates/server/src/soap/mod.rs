//! The query interface of EPCIS over SOAP (EPCIS 1.2 and 2.0 §11): one address for the seven operations, and its WSDL. A
//! message says its own version of SOAP (1.1, 1.2) and of EPCIS (namespaces ending in `xsd:1` or `xsd:2`), and is answered
//! in both. Queries are the same values that the REST binding has, and find the same events.
//!
//! What EPCIS 1.2 has no element for goes out in its extension places, as everywhere in this program (see
//! [`epcis::write_xml`]): an AssociationEvent stands in `extension/extension` of the event list.

mod deliver;
mod described;
mod envelope;
mod events;
mod fault;
mod operations;
mod params;
mod subscribe;
mod vocabularies;
mod wsdl;

use axum::extract::{RawQuery, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::identity::key::{KeyHolder, Right};
use crate::shared::guard::{Access, Routes, Visit};
use crate::shared::{Fail, form};

pub(crate) use deliver::told;
pub(crate) use envelope::Soap;
pub(crate) use fault::of_fail;
pub use subscribe::TRIGGER;

/// Where the interface stands.
pub const ADDRESS: &str = "/soap/epcis";

/// Bytes of a message: parameters of a query, not documents.
const MOST_BYTES: usize = 1 << 20;

pub fn routes(routes: Routes) -> Routes {
    routes.api(Method::POST, ADDRESS, Access::Key(Right::Query), described::call(), call).api(
        Method::GET,
        ADDRESS,
        Access::Public,
        described::wsdl(),
        describe,
    )
}

/// `POST /soap/epcis`
async fn call(
    State(app): State<App>,
    visit: Visit,
    holder: KeyHolder,
    request: Request,
) -> Result<Response, Fail> {
    if !envelope::is_xml(request.headers()) {
        return Err(Fail::with(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Content-Type phải là text/xml hoặc application/soap+xml.",
            "Content-Type must be text/xml or application/soap+xml.",
        ));
    }
    let soap = Soap::of_request(request.headers());
    let body = form::collect(request, MOST_BYTES).await?;
    let call = match envelope::read(&body, soap) {
        Ok(call) => call,
        Err((soap, fault)) => return Ok(fault.answer(soap, epcis::Version::V1_2, visit.l)),
    };
    let (soap, version) = (call.soap, call.version);
    Ok(match operations::perform(&app, &holder, call).await {
        Ok(result) => envelope::answer(soap, StatusCode::OK, &result),
        Err(fault) => fault.answer(soap, version, visit.l),
    })
}

/// `GET /soap/epcis?wsdl`; `?wsdl=2.0` for the namespaces of EPCIS 2.0.
async fn describe(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, Fail> {
    let asked = query.unwrap_or_default().to_ascii_lowercase();
    let version = match asked.split('&').next().unwrap_or_default() {
        "wsdl" | "wsdl=" | "wsdl=1.2" => epcis::Version::V1_2,
        "wsdl=2.0" => epcis::Version::V2_0,
        _ => return Err(Fail::NotFound),
    };
    let address = format!("{}{ADDRESS}", app.config.public_url);
    let kind = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
    Ok((kind, wsdl::describe(version, &address)).into_response())
}
