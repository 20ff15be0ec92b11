//! What it was measured on and with.

use crate::Compare;
use crate::measure::output;
use std::fs;
use std::process::Command;

/// Lines that name the machine and the versions of everything that was compared.
pub(crate) fn describe(compare: &Compare, threads: usize) -> Vec<String> {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let processor = processor.map_or("an unnamed processor", |(_, name)| name.trim());
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok());
    let gibibytes = memory.map_or(0, |kibibytes: u64| kibibytes >> 20);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);

    let versions: Vec<String> = [
        first_line(Command::new(&compare.codexa).arg("--version")),
        first_line(Command::new("git").arg("--version")),
        first_line(Command::new(&compare.scc).arg("--version")),
        first_line(Command::new(&compare.radon).arg("--version")).map(|version| format!("radon {version}")),
        first_line(Command::new("python3.11").arg("--version")),
        first_line(Command::new("rustc").arg("--version")),
    ]
    .into_iter()
    .flatten()
    .collect();
    vec![
        format!("Machine: {processor}, {cores} cores, {gibibytes} GiB; {threads} threads."),
        format!("Versions: {}.", versions.join(", ")),
    ]
}

fn first_line(command: &mut Command) -> Option<String> {
    let text = output(command).ok()?;
    text.lines().next().map(|line| line.trim().to_owned())
}
