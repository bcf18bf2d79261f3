//! `nguon admin`: the first account of the administration; everyone else is made on the pages.

use clap::Subcommand;
use server::identity::account::{Role, normal_login};
use server::identity::password;
use server::identity::staff::{NewStaff, make};

use crate::{Ended, data};

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Make an administrator; prints the password drawn for it, once.
    Create {
        #[command(flatten)]
        place: data::Where,
        /// Phone number or e-mail to sign in with.
        #[arg(long)]
        login: String,
        /// Name of the person.
        #[arg(long)]
        name: String,
    },
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Ended> {
    let Command::Create { place, login, name } = command;
    let app = data::app(place.ready().await?, data::quiet_config())?;
    let secret = password::draw(&app);
    let login = normal_login(&login);
    let staff = NewStaff {
        name: &name,
        login: &login,
        role: Role::Administrator,
        sector: "",
        area: "",
        made_by: None,
    };
    let made = make(&app, &staff, &secret)
        .await
        .map_err(|fail| anyhow::anyhow!("making the account: {fail}"))?;
    if made.is_none() {
        eprintln!("nguon: an account with the login {login} exists");
        return Ok(Ended::Invalid);
    }
    crate::print(&serde_json::json!({"login": login, "password": secret}));
    Ok(Ended::Done)
}
