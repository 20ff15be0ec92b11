//! The characters that are not shown as they are: they disturb a terminal, a log line or a reader's eye.

/// Whether a character is a control, turns the direction of text, or has no shape.
#[must_use]
pub fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb
            | 0xe0000..=0xe007f)
}
