//! The crate judged from outside: properties, and the recorded cases of other people's programs.

mod corpora;
mod corpus_compress;
mod corpus_epc;
mod corpus_link;
mod corpus_lint;
mod corpus_message;
mod corpus_tdt;
mod found;
mod fuzz;
mod generated;
mod properties;
