//! `nguon admin`: the first account of the administration; everyone else is made on the pages.

use clap::Subcommand;
use server::identity::account::{Role, normal_login};
use server::identity::enrol::Enrolled;
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
    /// Give an account a new password, for when nobody can sign in to do it; prints it, once.
    Password {
        #[command(flatten)]
        place: data::Where,
        /// The login of the account.
        #[arg(long)]
        login: String,
    },
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Ended> {
    match command {
        Command::Create { place, login, name } => {
            create(&place, &normal_login(&login), &name).await
        }
        Command::Password { place, login } => renew(&place, &normal_login(&login)).await,
    }
}

async fn create(place: &data::Where, login: &str, name: &str) -> anyhow::Result<Ended> {
    let app = data::app(place.ready().await?, data::quiet_config())?;
    let secret = password::draw(&app);
    let staff =
        NewStaff { name, login, role: Role::Administrator, sector: "", area: "", made_by: None };
    let made = make(&app, &staff, &secret)
        .await
        .map_err(|fail| anyhow::anyhow!("making the account: {fail}"))?;
    if made == Enrolled::Taken {
        eprintln!("nguon: an account with the login {login} exists");
        return Ok(Ended::Invalid);
    }
    crate::print(&serde_json::json!({"login": login, "password": secret}));
    Ok(Ended::Done)
}

async fn renew(place: &data::Where, login: &str) -> anyhow::Result<Ended> {
    let app = data::app(place.ready().await?, data::quiet_config())?;
    let Some(secret) = password::renew_by_login(&app, login)
        .await
        .map_err(|fail| anyhow::anyhow!("giving a new password: {fail}"))?
    else {
        eprintln!("nguon: no account has the login {login}");
        return Ok(Ended::Invalid);
    };
    crate::print(&serde_json::json!({"login": login, "password": secret}));
    Ok(Ended::Done)
}
