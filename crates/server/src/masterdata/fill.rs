//! What only master data knows is put into a query of events before it runs: the places below those of `WD_…`, and the
//! elements that have the attributes of `HASATTR_…` and `EQATTR_…`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use epcis::Query;

use super::hierarchy::{descendants, having};
use super::{MOST, too_complex};
use crate::app::App;
use crate::shared::Fail;

/// The query with the identifiers that the master data of an organisation gives it, as it is now.
///
/// # Errors
/// [`Fail::Refused`] with 413 where they are more than [`MOST`].
pub async fn filled<'q>(
    app: &App,
    organisation: i64,
    query: &'q Query,
) -> Result<Cow<'q, Query>, Fail> {
    if query.within.is_empty() && query.attributes.is_empty() {
        return Ok(Cow::Borrowed(query));
    }
    let mut filled = query.clone();
    for within in &mut filled.within {
        let below = descendants(app, organisation, &within.ids).await?;
        within.add(below);
    }
    for asked in &mut filled.attributes {
        let mut names = BTreeSet::new();
        for name in &asked.names {
            let found = having(app, organisation, name, asked.values.as_deref()).await?;
            names.extend(found.into_iter().map(|(_, name)| name));
        }
        if names.len() > MOST {
            return Err(too_complex());
        }
        asked.ids = names.into_iter().collect();
    }
    Ok(Cow::Owned(filled))
}
