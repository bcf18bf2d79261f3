//! The seven operations of the query interface (EPCIS 1.2 and 2.0 §8.2.5).

use epcis::{Element, Version};

use super::envelope::{Call, escape, namespace};
use super::fault::{Exception, Fault};
use super::{events, params, subscribe, vocabularies};
use crate::app::App;
use crate::identity::key::KeyHolder;
use crate::query::named;

/// The queries of the standard.
pub(super) const EVENTS: &str = "SimpleEventQuery";
pub(super) const MASTER_DATA: &str = "SimpleMasterDataQuery";

/// Named queries told at most; an organisation has no more.
const MOST_NAMES: usize = 1_000;

/// Vendor extensions (§8.2.5.1): a URI, since extension places carry what EPCIS 1.2 has no element for.
const VENDOR: &str = concat!("urn:nguon:epcis:", env!("CARGO_PKG_VERSION"));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    GetQueryNames,
    Subscribe,
    Unsubscribe,
    GetSubscriptionIds,
    Poll,
    GetStandardVersion,
    GetVendorVersion,
}

impl Operation {
    pub(super) const ALL: [Operation; 7] = [
        Operation::GetQueryNames,
        Operation::Subscribe,
        Operation::Unsubscribe,
        Operation::GetSubscriptionIds,
        Operation::Poll,
        Operation::GetStandardVersion,
        Operation::GetVendorVersion,
    ];

    /// The element that asks for it.
    pub(super) fn element(self) -> &'static str {
        match self {
            Operation::GetQueryNames => "GetQueryNames",
            Operation::Subscribe => "Subscribe",
            Operation::Unsubscribe => "Unsubscribe",
            Operation::GetSubscriptionIds => "GetSubscriptionIDs",
            Operation::Poll => "Poll",
            Operation::GetStandardVersion => "GetStandardVersion",
            Operation::GetVendorVersion => "GetVendorVersion",
        }
    }

    /// The element that answers it.
    pub(super) fn result(self) -> &'static str {
        match self {
            Operation::GetQueryNames => "GetQueryNamesResult",
            Operation::Subscribe => "SubscribeResult",
            Operation::Unsubscribe => "UnsubscribeResult",
            Operation::GetSubscriptionIds => "GetSubscriptionIDsResult",
            Operation::Poll => "QueryResults",
            Operation::GetStandardVersion => "GetStandardVersionResult",
            Operation::GetVendorVersion => "GetVendorVersionResult",
        }
    }

    pub(super) fn of(element: &str) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.element() == element)
    }
}

/// Does what a call asks for; the element that answers it.
pub(super) async fn perform(app: &App, holder: &KeyHolder, call: Call) -> Result<String, Fault> {
    let Call { version, operation, element, .. } = call;
    let result = |content: String| {
        let name = operation.result();
        format!("<q:{name} xmlns:q=\"{}\">{content}</q:{name}>", namespace(version))
    };
    Ok(match operation {
        Operation::GetQueryNames => result(strings(&query_names(app, holder).await?)),
        Operation::Poll => return poll(app, holder, &element, version).await,
        Operation::GetStandardVersion => {
            result(if version == Version::V1_2 { "1.2" } else { "2.0" }.to_owned())
        }
        Operation::GetVendorVersion => result(VENDOR.to_owned()),
        Operation::Subscribe => {
            subscribe::subscribe(app, holder, &element, version).await?;
            result(String::new())
        }
        Operation::Unsubscribe => {
            subscribe::unsubscribe(app, holder, &element).await?;
            result(String::new())
        }
        Operation::GetSubscriptionIds => {
            result(strings(&subscribe::ids(app, holder, &element).await?))
        }
    })
}

/// The text of a parameter that an operation needs.
pub(super) fn needed<'c>(call: &'c Element, name: &str) -> Result<&'c str, Fault> {
    call.child(name).map(|child| child.text.trim()).ok_or_else(|| {
        Fault::new(
            Exception::Validation,
            format!("Thiếu phần tử “{name}”."),
            format!("The element “{name}” is missing."),
        )
    })
}

/// An `ArrayOfString`.
fn strings(list: &[String]) -> String {
    let all: Vec<String> =
        list.iter().map(|one| format!("<string>{}</string>", escape(one))).collect();
    all.concat()
}

/// The queries of the standard, and those that the organisation keeps.
async fn query_names(app: &App, holder: &KeyHolder) -> Result<Vec<String>, Fault> {
    let mut names = vec![EVENTS.to_owned(), MASTER_DATA.to_owned()];
    let kept = named::list(app, holder.organisation, "", MOST_NAMES).await?;
    names.extend(kept.into_iter().map(|named| named.name));
    Ok(names)
}

pub(super) fn no_such_name(name: &str) -> Fault {
    Fault::new(
        Exception::NoSuchName,
        format!("Không có truy vấn tên “{name}”."),
        format!("There is no query of the name “{name}”."),
    )
}

async fn poll(
    app: &App,
    holder: &KeyHolder,
    call: &Element,
    version: Version,
) -> Result<String, Fault> {
    let name = needed(call, "queryName")?;
    let params = params::read(call)?;
    match name {
        EVENTS => {
            let query = params::event_query(&params)?;
            events::poll(app, holder.organisation, name, query, version).await
        }
        MASTER_DATA => {
            let asked = vocabularies::Asked::read(&params)?;
            vocabularies::poll(app, holder.organisation, name, &asked, version).await
        }
        other => {
            let kept = named::load(app, holder.organisation, other).await?;
            let kept = kept.ok_or_else(|| no_such_name(other))?;
            params::none(&params)?;
            events::poll(app, holder.organisation, other, kept.query, version).await
        }
    }
}
