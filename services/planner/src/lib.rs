//! The planner: changes as files. A change's workspace is `changes/CH-001/`; what people write there is never overwritten,
//! and `status.md` shows what governance decided, generated and never read back.

mod face;
mod follow;
mod governance;
pub mod serve;
mod status;
mod workspace;

pub use workspace::{Planner, PlannerError, Prepared};
