//! Places of organisations.

use store::Tx;

use crate::app::App;
use crate::organisations::Organisation;
use crate::shared::Fail;

/// The first place of an organisation that was accepted: its seat.
pub async fn open_seat(_app: &App, _tx: &mut Tx, _actor: i64, _o: &Organisation) -> Result<(), Fail> {
    Ok(())
}
