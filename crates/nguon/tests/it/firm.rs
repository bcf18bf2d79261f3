//! Somebody for whom events can be captured. People and firms are invented (minh hoạ).

use std::sync::Arc;

use server::app::{App, Config, SystemClock, Webhooks};
use server::identity::{account, key, password, staff};
use server::organisations::{self, desk, join};
use store::Store;

/// An accepted organisation, its manager, and an API key of it.
pub(crate) struct Firm {
    pub(crate) organisation: i64,
    pub(crate) manager: i64,
    pub(crate) key: String,
}

/// Makes one in a database that has been migrated.
pub(crate) async fn firm(store: Store) -> Firm {
    let config = Config {
        public_url: "http://127.0.0.1".to_owned(),
        province: "11".to_owned(),
        secure_cookies: false,
        demonstration: false,
        behind_proxy: false,
        webhooks: Webhooks::default(),
    };
    let app = App::new(store, config, Arc::new(SystemClock), server::app::seed().unwrap());
    let secret = password::draw(&app);
    let officer = staff::NewStaff {
        name: "Cán bộ minh hoạ",
        login: "canbo@minhhoa.example",
        role: account::Role::Officer,
        sector: "agriculture",
        area: "11",
        made_by: None,
    };
    let officer = staff::make(&app, &officer, &secret).await.unwrap().account().unwrap();
    let officer = account::load(&app.store, officer, app.now()).await.unwrap().unwrap();
    let application = join::Application {
        kind: "cooperative".to_owned(),
        legal_name: "Hợp tác xã Bản Phủ (minh hoạ)".to_owned(),
        tax_code: app.id().to_string(),
        representative: "Lò Văn Pánh".to_owned(),
        phone: "+84912345678".to_owned(),
        email: String::new(),
        commune: "03325".to_owned(),
        old_unit: String::new(),
        address_line: "Bản Phủ".to_owned(),
        illustrative: true,
    };
    let joined =
        join::create(&app, &application, "Lò Văn Pánh", "panh@minhhoa.example", "", "vi").await;
    let Ok((manager, org)) = joined else { panic!("an organisation joins") };
    let firm = organisations::load(&app, org).await.unwrap();
    desk::accept_application(&app, &officer, &firm, firm.version).await.unwrap();
    let key = key::make(&app, org, manager, "Máy minh hoạ", "capture query").await.unwrap();
    app.store.close().await;
    Firm { organisation: org, manager, key }
}
