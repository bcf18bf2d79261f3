//! The portal and the APIs, judged through their front door and their domain functions, on both
//! engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod accounts;
mod certificates;
mod contract;
mod diary;
mod epcis_api;
mod epcis_documents;
mod epcis_xml;
mod extensions;
mod feedback;
mod ground;
mod labels;
mod lots;
mod master_data;
mod named_queries;
mod negotiation;
mod organisations;
mod outage;
mod places;
mod portal;
mod products;
mod published;
mod queries;
mod query_bounds;
mod receiver;
mod resolve;
mod resources;
mod sight;
mod sight_rules;
mod sight_world;
mod soap;
mod soap_subscriptions;
mod sockets;
mod stamps;
mod statements;
mod tables;
mod trace;
mod views;
mod webhook_failures;
mod webhook_rules;
mod webhooks;
