//! What people do on Discord, in the terms of the inbox. Only what a person wrote or pressed just now is anything at all.

use crate::reply::Reply;
use codexa_api::Account;
use codexa_chat::{Act, Incoming, MessageRef, Place};
use serenity::model::application::{
    ActionRowComponent, CommandDataOptionValue, CommandInteraction, ComponentInteraction, ComponentInteractionDataKind,
    ModalInteraction,
};
use serenity::model::channel::{Message, MessageFlags, MessageType};
use serenity::model::id::{ChannelId, GuildId, UserId};
use serenity::model::user::User;

/// The space of direct messages. An account is linked in one space: nobody brings a guild's link along, or takes one
/// into a guild.
pub(crate) const DIRECT: &str = "@me";

/// What a person said to the bot; nothing for what bots and webhooks say, what was forwarded, and what only mentions the
/// bot in the message that it replies to.
pub(crate) fn said(message: &Message, bot: UserId) -> Option<Incoming> {
    if !(is_by_a_person(message) && is_for(message, bot)) {
        return None;
    }
    let act = Act::Said { words: message.content.clone(), own: vec![bot.to_string()] };
    let place = Place { channel: message.channel_id.to_string(), thread: Some(message.id.to_string()), reply: None };
    Some(Incoming {
        account: account(message.guild_id, &message.author),
        place,
        link: link(message.guild_id, message.channel_id, &message.id.to_string()),
        act,
    })
}

fn is_by_a_person(message: &Message) -> bool {
    let written = matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
    let crossposted = message.flags.is_some_and(|flags| flags.contains(MessageFlags::IS_CROSSPOST));
    written
        && !is_a_machine(&message.author)
        && message.webhook_id.is_none()
        && message.application_id.is_none()
        && message.interaction_metadata.is_none()
        && message.edited_timestamp.is_none()
        && message.message_snapshots.is_empty()
        && !crossposted
}

fn is_a_machine(user: &User) -> bool {
    user.bot || user.system
}

/// A reply mentions whom it replies to without saying so in its text: that alone is not meant for the bot.
fn is_for(message: &Message, bot: UserId) -> bool {
    let mentioned = || [format!("<@{bot}>"), format!("<@!{bot}>")].iter().any(|tag| message.content.contains(tag));
    message.guild_id.is_none() || mentioned()
}

/// The words of `/codexa words:…`.
pub(crate) fn ordered(command: &CommandInteraction, bot: UserId) -> Option<Incoming> {
    let words = command.data.options.iter().find_map(|option| match &option.value {
        CommandDataOptionValue::String(words) if option.name == crate::gateway::OPTION => Some(words.clone()),
        _ => None,
    })?;
    if is_a_machine(&command.user) {
        return None;
    }
    Some(Incoming {
        account: account(command.guild_id, &command.user),
        place: place(command.channel_id, &Reply::Command(command.token.clone())),
        link: String::new(),
        act: Act::Said { words, own: vec![bot.to_string()] },
    })
}

/// A press of a button.
pub(crate) fn pressed(press: &ComponentInteraction) -> Option<Incoming> {
    if !matches!(press.data.kind, ComponentInteractionDataKind::Button) || is_a_machine(&press.user) {
        return None;
    }
    let on = MessageRef { channel: press.channel_id.to_string(), message: press.message.id.to_string() };
    Some(Incoming {
        account: account(press.guild_id, &press.user),
        place: place(press.channel_id, &Reply::Press(press.token.clone())),
        link: link(press.guild_id, press.channel_id, &on.message),
        act: Act::Pressed { value: press.data.custom_id.clone(), on, trigger: String::new() },
    })
}

/// A reason that was asked for with a form; the form carries what the button carried.
pub(crate) fn reasoned(form: &ModalInteraction) -> Option<Incoming> {
    let reason = form.data.components.iter().flat_map(|row| &row.components).find_map(|part| match part {
        ActionRowComponent::InputText(input) => input.value.clone(),
        _ => None,
    })?;
    if is_a_machine(&form.user) {
        return None;
    }
    let on = form.message.as_ref().map(|message| message.id.to_string()).unwrap_or_default();
    Some(Incoming {
        account: account(form.guild_id, &form.user),
        place: place(form.channel_id, &Reply::Press(form.token.clone())),
        link: link(form.guild_id, form.channel_id, &on),
        act: Act::Reasoned { value: form.data.custom_id.clone(), reason },
    })
}

fn account(guild: Option<GuildId>, user: &User) -> Account {
    Account {
        platform: crate::PLATFORM.to_owned(),
        space: space(guild),
        user: user.id.to_string(),
        name: user.global_name.clone().unwrap_or_else(|| user.name.clone()),
    }
}

fn place(channel: ChannelId, reply: &Reply) -> Place {
    Place { channel: channel.to_string(), thread: None, reply: Some(reply.to_string()) }
}

fn link(guild: Option<GuildId>, channel: ChannelId, message: &str) -> String {
    format!("https://discord.com/channels/{}/{channel}/{message}", space(guild))
}

fn space(guild: Option<GuildId>) -> String {
    guild.map_or_else(|| DIRECT.to_owned(), |guild| guild.to_string())
}
