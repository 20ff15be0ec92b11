//! Running programs and taking their time.

use crate::error::Error;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Times of one side of a comparison, sorted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// The middle one; of an even number the earlier of the two.
    pub(crate) fn median(&self) -> Duration {
        self.0.get(self.0.len().saturating_sub(1) / 2).copied().unwrap_or_default()
    }

    /// The shortest and the longest.
    pub(crate) fn range(&self) -> (Duration, Duration) {
        (self.0.first().copied().unwrap_or_default(), self.0.last().copied().unwrap_or_default())
    }

    /// These and others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        others.0.into_iter().for_each(|time| self.add(time));
        self
    }

    fn add(&mut self, time: Duration) {
        let at = self.0.partition_point(|other| *other <= time);
        self.0.insert(at, time);
    }
}

/// One side of a comparison: what happens before the clock starts, and what is timed.
pub(crate) struct Side<'a> {
    pub(crate) before: Box<dyn FnMut() -> Result<(), Error> + 'a>,
    pub(crate) commands: Vec<Command>,
}

impl<'a> Side<'a> {
    /// Commands that are timed together, with nothing to prepare.
    pub(crate) fn of(commands: impl IntoIterator<Item = Command>) -> Self {
        Self { before: Box::new(|| Ok(())), commands: commands.into_iter().collect() }
    }

    /// The same with something to do before each run.
    pub(crate) fn after(self, before: impl FnMut() -> Result<(), Error> + 'a) -> Self {
        Self { before: Box::new(before), ..self }
    }

    fn run(&mut self) -> Result<Duration, Error> {
        (self.before)()?;
        let start = Instant::now();
        for command in &mut self.commands {
            quietly(command)?;
        }
        Ok(start.elapsed())
    }
}

/// Runs both sides in turn: once each to warm the file cache, then `runs` times each.
pub(crate) fn interleave(mut a: Side<'_>, mut b: Side<'_>, runs: usize) -> Result<(Times, Times), Error> {
    a.run()?;
    b.run()?;
    let (mut times_a, mut times_b) = (Times::default(), Times::default());
    for _ in 0..runs {
        times_a.add(a.run()?);
        times_b.add(b.run()?);
    }
    Ok((times_a, times_b))
}

/// Runs one side alone: once to warm up, then `runs` times.
pub(crate) fn alone(mut side: Side<'_>, runs: usize) -> Result<Times, Error> {
    side.run()?;
    let mut times = Times::default();
    for _ in 0..runs {
        times.add(side.run()?);
    }
    Ok(times)
}

/// Runs one side a single time, for what takes minutes.
pub(crate) fn once(mut side: Side<'_>) -> Result<Times, Error> {
    let mut times = Times::default();
    times.add(side.run()?);
    Ok(times)
}

/// Lets time pass.
#[allow(clippy::disallowed_methods, reason = "nothing tells when a file system has forgotten its deleted files")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// Runs a program to its end and throws away what it prints. Exit code 1 means findings, which is no failure.
pub(crate) fn quietly(command: &mut Command) -> Result<(), Error> {
    let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let done = done.map_err(|source| Error::Start { program: name(command), source })?;
    match done.status.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(failed(command, &done)),
    }
}

/// What a program prints; a failure is an error.
pub(crate) fn output(command: &mut Command) -> Result<String, Error> {
    output_of(command, Stdio::null())
}

/// The same for a command that reads something.
pub(crate) fn output_of(command: &mut Command, input: impl Into<Stdio>) -> Result<String, Error> {
    let done = command.stdin(input).output();
    let done = done.map_err(|source| Error::Start { program: name(command), source })?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    Err(failed(command, &done))
}

fn failed(command: &Command, done: &std::process::Output) -> Error {
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    let stderr = String::from_utf8_lossy(&done.stderr);
    let last: Vec<&str> = stderr.trim().lines().rev().take(3).collect();
    Error::Failed {
        command: format!("{} {}", name(command), arguments.join(" ")),
        status: done.status,
        stderr: last.into_iter().rev().collect::<Vec<_>>().join(" / "),
    }
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Times of so many milliseconds.
#[cfg(test)]
pub(crate) fn times(milliseconds: &[u64]) -> Times {
    let mut times = Times::default();
    milliseconds.iter().for_each(|time| times.add(Duration::from_millis(*time)));
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_time() {
        let mut times = Times::default();
        for seconds in [5, 1, 4, 2, 3] {
            times.add(Duration::from_secs(seconds));
        }
        assert_eq!(times.median(), Duration::from_secs(3));
        assert_eq!(times.range(), (Duration::from_secs(1), Duration::from_secs(5)));
    }

    #[test]
    fn a_failed_program_is_an_error_with_its_last_words() {
        let error = quietly(Command::new("sh").args(["-c", "echo no such thing >&2; exit 2"])).unwrap_err();
        assert!(error.to_string().ends_with("exit status: 2: no such thing"), "{error}");
    }
}
