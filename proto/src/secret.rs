//! Messages that hold what nobody is shown.

use crate::v1::Caller;
use std::fmt;

/// Without the token: whatever prints a request prints its caller.
impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = if self.token.is_empty() { "" } else { "(secret)" };
        f.debug_struct("Caller")
            .field("token", &token)
            .field("account", &self.account)
            .field("channel", &self.channel)
            .finish()
    }
}
