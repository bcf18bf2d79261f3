//! What the SOAP interface is, for programs: refusals are SOAP faults here, never problem documents.

use serde_json::{Value, json};

use crate::api::{Operation, content, text, text_that_is};

fn messages(v1_1: Value, v1_2: Value) -> Value {
    content([("text/xml", v1_1), ("application/soap+xml", v1_2)])
}

fn envelopes() -> Value {
    messages(text_that_is("SOAP 1.1"), text_that_is("SOAP 1.2"))
}

const FAULTS: [(u16, &str); 7] = [
    (400, "A SOAP 1.2 fault of the sender; its detail is an exception of EPCIS."),
    (401, "A SOAP fault: SecurityException."),
    (403, "A SOAP fault: SecurityException."),
    (413, "A SOAP fault: the message is too large."),
    (415, "A SOAP fault: what was sent does not say that it is XML."),
    (429, "A SOAP fault: too many calls."),
    (
        500,
        "A SOAP 1.1 fault, whoever made it, or a SOAP 1.2 fault of the server; its detail is an exception of EPCIS.",
    ),
];

pub(super) fn call() -> Operation {
    let operation = Operation::new("soapQuery", "The query interface of EPCIS 1.2 and 2.0 over SOAP")
        .describe("getQueryNames, subscribe, unsubscribe, getSubscriptionIDs, poll (SimpleEventQuery, SimpleMasterDataQuery), getStandardVersion, getVendorVersion, as the WSDL describes them.")
        .sent(&envelopes())
        .answers_with(200, "The answer, in the version of SOAP that was asked in.", envelopes());
    FAULTS.into_iter().fold(operation, |operation, (status, what)| {
        // What says nothing that is known is answered in the older version.
        let told = match status {
            415 => content([("text/xml", text())]),
            _ => messages(text(), text()),
        };
        operation.answers_with(status, what, told)
    })
}

pub(super) fn wsdl() -> Operation {
    let which = json!({"name": "wsdl", "in": "query", "required": true, "allowEmptyValue": true,
        "description": "empty or 1.2 for the namespaces of EPCIS 1.2, 2.0 for those of 2.0",
        "schema": {"enum": ["", "1.2", "2.0"]}});
    Operation::new("soapDescription", "The WSDL")
        .takes_parameter(which)
        .answers_with(200, "WSDL 1.1", content([("text/xml", text())]))
        .answers_with(404, "No WSDL was asked for.", messages(text(), text()))
}
