//! The first sheet of an order, drawn by `sheet` from the same faces as the PDF.

use sheet::Picture;

use super::order::Order;
use super::print;
use crate::app::App;
use crate::shared::{Fail, L, assets};

/// Most stamps drawn with their real codes: more would make the page heavy and show nothing new.
pub(super) const MOST: i64 = 12;

/// The sheet, and what there is to tell of it.
pub(super) async fn picture(app: &App, order: &Order, l: L) -> Result<Picture, Fail> {
    let shown = order.quantity.min(MOST);
    let sheet = print::sheet_of(app, l, order, 1, shown).await?;
    let stamps = usize::try_from(order.quantity).unwrap_or(usize::MAX);
    let label = l.t("Tờ đầu tiên, đúng kích thước", "The first sheet in true size").to_owned();
    tokio::task::spawn_blocking(move || {
        let font =
            assets::bytes("sheet.ttf").ok_or_else(|| Fail::internal("no font for sheets"))?;
        sheet::picture(&sheet, stamps, &label, &font).map_err(|error| print::refused(&error))
    })
    .await
    .map_err(Fail::internal)?
}
