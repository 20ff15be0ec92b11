//! Histories as git makes them, and as strangers do: read whole, or labelled; bounded; the same again.
#![cfg(test)]

mod measures;
mod reading;
mod support;
