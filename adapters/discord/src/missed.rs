//! What was said while nobody listened. Discord sends it again only to a connection that is resumed; after a longer break,
//! and after a start, the channels that are known are read from the last that was heard there.

use crate::gateway;
use crate::incoming::DIRECT;
use crate::platform::Discord;
use crate::receive::Arrival;
use codexa_chat::{Inbox, Incoming};
use serenity::http::{Http, MessagePagination};
use serenity::model::channel::Message;
use serenity::model::id::{ChannelId, GuildId, MessageId, UserId};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Older words are left: whoever said them does not wait any more, and might not want them now.
const YOUNG: i64 = 60 * 60;

/// Messages in one answer, as many as Discord gives.
const PAGE: u8 = 100;

/// As many answers are read of a channel; what is said in it beyond them is lost.
const PAGES: usize = 5;

/// How long all of it may take: what is said meanwhile waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A channel, as far as it was heard.
struct Known {
    channel: ChannelId,
    /// Where accounts count: messages that are asked for do not say it.
    guild: Option<GuildId>,
    last: MessageId,
}

/// What people said to the bot in the channels that are known, since the last that was heard there; oldest first.
pub(crate) async fn read(discord: Arc<Discord>, inbox: Inbox, bot: UserId) -> Vec<Arrival> {
    let last = inbox.last_of_each_channel().await.unwrap_or_else(|fault| {
        tracing::error!(%fault, "what was said while nobody listened cannot be looked for");
        Vec::new()
    });
    let mut missed = Vec::new();
    let reading = async {
        for known in last.iter().filter_map(|(key, incoming)| Known::of(key, incoming)) {
            match known.read(&discord.http).await {
                Ok(said) => missed.extend(said),
                // The bot may not read there, or is not there any more.
                Err(error) => tracing::info!(%error, channel = %known.channel, "a channel cannot be read"),
            }
        }
    };
    if timeout(PATIENCE, reading).await.is_err() {
        tracing::warn!("not all that was said while nobody listened could be read in time");
    }
    missed.sort_by_key(|message| message.id);
    missed.iter().filter_map(|message| gateway::said(message, bot)).collect()
}

impl Known {
    /// The channel of something that was heard, under its key.
    fn of(key: &str, incoming: &Incoming) -> Option<Self> {
        let id = |text: &str| text.parse().ok().filter(|id: &u64| *id != 0);
        let space = incoming.account.space.as_str();
        Some(Self {
            channel: id(&incoming.place.channel)?.into(),
            guild: if space == DIRECT { None } else { Some(id(space)?.into()) },
            last: id(key.rsplit(':').next()?)?.into(),
        })
    }

    /// What was said here since, and not long ago.
    async fn read(&self, http: &Http) -> serenity::Result<Vec<Message>> {
        let now = serenity::model::Timestamp::now().unix_timestamp();
        // What is older is not carried out any more, and need not be read.
        let (mut missed, mut last) = (Vec::new(), self.last.max(first_of(now - YOUNG)));
        for pages_left in (0..PAGES).rev() {
            let page = http.get_messages(self.channel, Some(MessagePagination::After(last)), Some(PAGE)).await?;
            let is_last = page.len() < usize::from(PAGE);
            last = page.iter().map(|message| message.id).max().unwrap_or(last);
            missed.extend(page);
            if is_last {
                break;
            }
            if pages_left == 0 {
                tracing::warn!(channel = %self.channel, "more was said than is read back; what was said last is not heard");
            }
        }
        for message in &mut missed {
            message.guild_id = self.guild;
        }
        Ok(missed)
    }
}

/// The first id that Discord can have given at a moment, in seconds since 1970.
fn first_of(moment: i64) -> MessageId {
    const EPOCH_MS: i64 = 1_420_070_400_000;
    let since = u64::try_from(moment.saturating_mul(1_000).saturating_sub(EPOCH_MS)).unwrap_or_default();
    MessageId::new((since << 22).max(1))
}
