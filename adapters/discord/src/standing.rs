//! Whether somebody is a member, as Discord says now. It is asked and not read from the event: messages that are read back
//! carry nothing of it, and what waited for its effect says nothing of today.

use crate::incoming::DIRECT;
use crate::platform::{Discord, code, failure, id};
use codexa_api::Account;
use codexa_chat::{PlatformError, Standing};
use serenity::model::guild::{GuildMemberFlags, Member};
use serenity::model::id::{GuildId, UserId};

/// "Unknown Member", "Unknown User".
const NO_MEMBER: [isize; 2] = [10007, 10013];

impl Discord {
    /// How an account stands in its guild; who writes direct messages, in the bot's.
    pub(crate) async fn stands(&self, account: &Account) -> Result<Standing, PlatformError> {
        let user = UserId::new(id(&account.user)?);
        if account.space != DIRECT {
            let member = self.member(GuildId::new(id(&account.space)?), user).await?;
            return Ok(member.map_or(Standing::Nobody, |member| standing(&member)));
        }
        let Some(home) = self.home().await? else { return Ok(Standing::Stranger) };
        let member = self.member(home, user).await?;
        Ok(member.map_or(Standing::Stranger, |member| standing(&member)))
    }

    /// The one guild that the bot is in. Whoever adds it to a guild of their own would be a member there: where there are
    /// several, a direct message comes from none of them.
    async fn home(&self) -> Result<Option<GuildId>, PlatformError> {
        match self.http.get_guilds(None, Some(2)).await.map_err(failure)?.as_slice() {
            [home] => Ok(Some(home.id)),
            [] => Ok(None),
            _ => {
                self.several.call_once(|| {
                    tracing::warn!(
                        "the bot is in more than one server, and hears nobody in direct messages; take it out of the others, \
                         and switch off Public Bot"
                    );
                });
                Ok(None)
            }
        }
    }

    async fn member(&self, guild: GuildId, user: UserId) -> Result<Option<Member>, PlatformError> {
        match self.http.get_member(guild, user).await {
            Ok(member) => Ok(Some(member)),
            Err(error) if code(&error).is_some_and(|code| NO_MEMBER.contains(&code)) => Ok(None),
            // Of one member, and the same the next time: nobody else has to wait for it.
            Err(serenity::Error::Json(fault)) if fault.is_data() => {
                Err(PlatformError::permanent(format!("what Discord says of a member is not understood: {fault}")))
            }
            Err(error) => Err(failure(error)),
        }
    }
}

/// A member may still have to pass the guild's screening, or be a guest of one voice channel.
fn standing(member: &Member) -> Standing {
    if member.user.bot || member.user.system {
        Standing::Nobody
    } else if member.pending || member.flags.contains(GuildMemberFlags::IS_GUEST) {
        Standing::Guest
    } else {
        Standing::Member
    }
}
