//! Throwaway repositories and processes for tests
pub mod cli;
