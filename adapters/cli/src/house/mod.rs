//! The services of Codexa, put together: all of them in this process (`codexa up`), what one command needs of them (where
//! nothing runs beside it), or one of them (`codexa serve ROLE`).

mod data;
mod embedded;
mod errand;
mod host;
mod part;
mod reach;
mod role;
mod site;
mod told;

pub(crate) use data::DataFolder;
pub(crate) use embedded::House;
pub(crate) use host::{host, host_for};
pub(crate) use reach::{Reached, Remote, reach};
pub(crate) use role::{Role, bind, location, serve};
pub(crate) use site::{Site, operator};
pub(crate) use told::{KNOWN, Told};

use crate::failure::Failure;
use std::future::Future;

/// Runs what waits for sockets and stores.
///
/// # Errors
/// When the system gives no threads, or as the future says.
pub(crate) fn run_async<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::unexpected("CLI_RUNTIME", format!("no threads to be had: {error}")))?;
    let outcome = runtime.block_on(future);
    // What still runs on a blocking thread is not waited for: every write of ours survives being cut off.
    runtime.shutdown_background();
    outcome
}
