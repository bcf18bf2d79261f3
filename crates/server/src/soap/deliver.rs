//! What goes to the subscribers that SOAP calls have made (the query callback interface over HTTP, EPCIS 1.2 and 2.0 §11.4):
//! a query document in the version of EPCIS that they subscribed in, under the names that they gave.

use epcis::{Document, DocumentKind, EpcFormat, EventTime, Version, write_xml};
use store::{Logged, params, sql};

use crate::app::App;
use crate::lots::ledger::read;
use crate::query::format::Unwritten;
use crate::query::record_time;
use crate::shared::Fail;

/// How a subscription that was made over SOAP is told to its maker.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    query_name: String,
    id: String,
    version: Version,
}

/// Nothing for a subscription of the REST binding.
pub(crate) async fn told(app: &App, subscription: i64) -> Result<Option<Told>, Fail> {
    let row = app
        .store
        .find(
            sql!("SELECT query_name, name, version FROM soap_subscription WHERE subscription = $1"),
            &params![subscription],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let number: i64 = row.get(2)?;
    let version = if number == 1 { Version::V1_2 } else { Version::V2_0 };
    Ok(Some(Told { query_name: row.get(0)?, id: row.get(1)?, version }))
}

impl Told {
    /// The document of some events.
    pub(crate) fn document(
        &self,
        events: &[Logged],
        created: EventTime,
    ) -> Result<String, Unwritten> {
        let mut document = Document::new(DocumentKind::EpcisQueryDocument);
        document.query_name = Some(self.query_name.clone());
        document.subscription_id = Some(self.id.clone());
        for logged in events {
            let mut event = read(logged)?;
            event.record_time = Some(record_time(logged));
            document.events.push(event);
        }
        if self.version == Version::V1_2 {
            document.spell_ids(EpcFormat::Urn);
        }
        write_xml(&document, self.version, created).map_err(Unwritten::Unsayable)
    }
}
