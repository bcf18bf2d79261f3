//! Stations and the deliveries between them, as an outbreak team draws them.
