//! Measures that follow from counts.

use codexa_model::facts::Halstead;

/// Halstead's volume in bits: `V = N log2 η` (Halstead, Elements of Software Science, 1977). 0 for an empty file.
#[must_use]
pub fn halstead_volume(halstead: &Halstead) -> f64 {
    let vocabulary = f64::from(halstead.distinct_operators) + f64::from(halstead.distinct_operands);
    let length = f64::from(halstead.operators) + f64::from(halstead.operands);
    if vocabulary > 0.0 { length * vocabulary.log2() } else { 0.0 }
}

/// Maintainability index, 0 (worst) to 100, in the normalised form that Visual Studio publishes:
/// `max(0, 100 (171 - 5.2 ln V - 0.23 G - 16.2 ln L) / 171)` with Halstead's volume `V`, total cyclomatic complexity
/// `G` and lines of code `L` (Oman & Hagemeister 1992; Microsoft 2007). 100 where there is no code.
#[must_use]
pub fn maintainability_index(halstead: &Halstead, cyclomatic: u32, code_lines: u32) -> f64 {
    let volume = halstead_volume(halstead);
    if volume <= 0.0 || code_lines == 0 {
        return 100.0;
    }
    let raw = 171.0 - 5.2 * volume.ln() - 0.23 * f64::from(cyclomatic) - 16.2 * f64::from(code_lines).ln();
    (raw * 100.0 / 171.0).clamp(0.0, 100.0)
}
