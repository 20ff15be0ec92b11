//! A module.
use std::{fs, io::{self, Read as _}};
pub use crate::inner::Thing;
use super::*;
extern crate alloc as heap;
mod plain;
#[path = "odd/place.rs"]
mod placed;

/// Most items.
pub const LIMIT: usize = 3;
static mut COUNT: u8 = 0;
type Pair<T> = (T, T);

/// A store.
/// With two lines.
#[derive(Debug, Clone)]
#[serde(rename = "store")]
pub struct Store<T> {
    items: Vec<T>,
}

impl<T: Clone> Store<T> {
    /// Adds one.
    pub fn add(&mut self, item: T, more: &[T]) -> Option<usize> {
        if self.items.len() > LIMIT && more.is_empty() || more.len() > 1 {
            return None;
        } else if let Some(first) = more.first() {
            self.add(first.clone(), &[]);
        } else {
            loop {
                break;
            }
        }
        let total = 'outer: loop {
            for x in more {
                match x {
                    _ if self.items.len() == 1 => break 'outer 1,
                    _ => {}
                }
            }
        };
        Some(total)
    }

    pub(crate) fn hidden(self) {}
}

impl<T> std::fmt::Display for Store<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "store {}", 1)
    }
}

pub trait Keep {
    fn keep(&self, key: u8);
    fn size(&self) -> usize { crate::inner::count::<u8>(1) }
}

pub mod inner {
    pub enum Thing { A, B }
    pub fn count<T>(x: u8) -> usize {
        let f = |y: u8| if y > x { serde_json::from_str("text") } else { 0 };
        tokio::spawn(async { f(1) });
        std::env::var("HOME").map(|home| home.len()).unwrap_or(0)
    }
}

#[macro_export]
macro_rules! shout { ($x:expr) => { println!("{}", $x) }; }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let Some(x) = std::env::args().next() else { return };
    shout!(x);
}

cfg_rt! {
    mod blocking;
    pub(crate) use crate::blocking::{Pool, spawn};

    /// Only with a runtime.
    pub fn enter() -> u32 {
        if crate::context::is_set() { 1 } else { 0 }
    }

    cfg_time! {
        use crate::time::Clock;
    }
}

cfg_if::cfg_if! {
    if #[cfg(unix)] {
        mod unix;
    } else {
        mod other;
    }
}

bitflags! {
    struct Flags: u32 {
        const READ = 1;
    }
}

pub extern crate std as base;
