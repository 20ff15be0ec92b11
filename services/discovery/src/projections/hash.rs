//! Short names for long things.

use sha2::{Digest, Sha256};

/// The first `length` characters (at most 12) of the text's SHA-256 in a base-32 of digits and lower-case letters.
pub(super) fn short_hash(text: &str, length: usize) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let digest = Sha256::digest(text.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let letter = |at: usize| {
        let index = (number >> (59 - 5 * at)) & 31;
        LETTERS.get(usize::try_from(index).unwrap_or(0)).map_or('0', |letter| char::from(*letter))
    };
    (0..length.min(12)).map(letter).collect()
}
