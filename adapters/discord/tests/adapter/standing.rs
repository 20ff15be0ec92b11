//! Whom Discord calls a member: everybody here is linked, and not everybody is heard.

use crate::common::{World, mention};
use codexa_testkit::discord::{CHANNEL, Discord, GUILD, Membership, Message, OTHER_CHANNEL, OTHER_GUILD, User};
use codexa_testkit::gateway;
use std::sync::Arc;
use tempfile::NamedTempFile;

/// Codexa's gateway knows everybody, wherever they are.
async fn everybody_is_linked() -> World {
    let world = World::start().await;
    world.gateway.answer(|request| {
        let mut answer = gateway::answered(gateway::said("approve design for CH-001"));
        match request.digest {
            Some(_) => answer.says = "Your approval counts.".to_owned(),
            None => answer.card = Some(gateway::card(Vec::new(), 1)),
        }
        Ok(answer)
    });
    world
}

impl World {
    /// Somebody asks for the card, and presses its button.
    async fn acts(&self, by: &User) {
        let card = self.message(&self.ada, "design gate").await;
        self.says(by, "approve design for CH-001");
        self.discord.press(by, card.id, "Approve");
    }

    /// Whose words the gateway was asked to carry out, in order, once ada's last are among them.
    async fn heard_at_last(&self) -> Vec<u64> {
        let order = self.says(&self.ada, "status");
        let last = format!("discord:{}", order["id"].as_str().unwrap());
        let heard = |_: &Discord| {
            let heard = self.directives();
            heard.iter().any(|(key, _)| *key == last).then_some(heard)
        };
        let heard = self.discord.until("the last words are heard", heard).await;
        let user = |directive: codexa_api::DirectiveRequest| directive.account.unwrap().user.parse().unwrap();
        heard.into_iter().filter(|(key, _)| *key != last).map(|(_, directive)| user(directive)).collect()
    }

    /// What only this person is told: with a press, and in direct messages.
    fn told(&self, user: &User) -> Vec<Message> {
        let direct = self.discord.direct(user);
        let alone = self.discord.seen(CHANNEL, user).into_iter().filter(|message| message.only == Some(user.id));
        alone.chain(self.discord.seen(direct, user)).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_guests_and_who_is_not_fully_in_are_not_heard_and_told_so() {
    let world = everybody_is_linked().await;
    world.says(&world.ada, "approve design for CH-001");
    for (name, membership) in [("gus", Membership::Guest), ("pat", Membership::Pending)] {
        let user = world.discord.user(name);
        world.discord.becomes(GUILD, &user, membership);
        world.acts(&user).await;
        let both = |_: &Discord| Some(world.told(&user)).filter(|told| told.len() == 2);
        let told = world.discord.until("words and press are answered", both).await;
        assert!(told.iter().all(|message| message.text().contains("a guest or not fully in yet")), "{told:#?}");
    }
    assert_eq!(world.heard_at_last().await, [world.ada.id], "only who asked for the card");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_who_left_between_saying_and_effect_is_not_heard() {
    let world = everybody_is_linked().await;
    world.says(&world.ada, "approve design for CH-001");
    let eve = world.discord.user("eve");
    world.discord.becomes(GUILD, &eve, Membership::Gone);
    world.acts(&eve).await;
    assert_eq!(world.heard_at_last().await, [world.ada.id]);
    assert!(world.told(&eve).is_empty(), "nobody would read it");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_a_direct_message_is_heard_from_members_of_the_bots_one_guild() {
    let world = everybody_is_linked().await;
    world.discord.remove_bot(OTHER_GUILD);
    let (ada, eve) = (&world.ada, world.discord.user("eve"));
    world.discord.becomes(GUILD, &eve, Membership::Gone);
    for user in [ada, &eve] {
        world.discord.says(world.discord.direct(user), user, "approve design for CH-001");
    }
    world.message_in(world.discord.direct(ada), ada, "design gate").await;
    world.message_in(world.discord.direct(&eve), &eve, "I see you as none of them").await;
    assert_eq!(world.heard_at_last().await, [ada.id]);
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_where_the_bot_is_in_several_guilds_a_direct_message_comes_from_none() {
    let log = NamedTempFile::new().unwrap();
    let logger = tracing_subscriber::fmt().with_writer(Arc::new(log.reopen().unwrap()));
    tracing::subscriber::set_global_default(logger.finish()).unwrap();
    let world = everybody_is_linked().await;
    for user in [&world.ada, &world.mallory] {
        let direct = world.discord.direct(user);
        world.discord.says(direct, user, "approve design for CH-001");
        world.message_in(direct, user, "Say it in one of its channels").await;
    }
    assert!(world.heard_at_last().await.is_empty(), "a guild that somebody added the bot to makes nobody a member");
    let log = std::fs::read_to_string(&log).unwrap();
    assert_eq!(log.matches("switch off Public Bot").count(), 1, "whoever runs it is told once: {log}");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_a_member_whom_nobody_understands_is_not_heard_and_told_so_at_once() {
    let world = everybody_is_linked().await;
    world.says(&world.ada, "approve design for CH-001");
    let eve = world.discord.user("eve");
    world.discord.becomes(GUILD, &eve, Membership::Garbled);
    world.acts(&eve).await;
    assert_eq!(world.heard_at_last().await, [world.ada.id], "others in the channel go on");
    let both = |_: &Discord| Some(world.told(&eve)).filter(|told| told.len() == 2);
    let told = world.discord.until("words and press are answered", both).await;
    assert!(told.iter().all(|message| message.text().contains("I could not find out")), "{told:#?}");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_while_discord_does_not_say_who_is_a_member_an_act_waits_and_then_happens_once() {
    let mut world = everybody_is_linked().await;
    let ada = world.ada.clone();
    world.discord.hide_members(true);
    let asked = world.says(&ada, "approve design for CH-001");
    world.message_in(world.discord.direct(&ada), &ada, "whether you are a member here. I keep this").await;
    assert!(world.directives().is_empty());
    // What waits is on the disk.
    world.stop().await.unwrap();
    world.discord.hide_members(false);
    world.connect().await;
    world.message(&ada, "design gate").await;
    assert_eq!(world.heard_at_last().await, [ada.id]);
    let key = format!("discord:{}", asked["id"].as_str().unwrap());
    assert_eq!(world.gateway.asked().iter().filter(|asked| asked.key == key).count(), 1);
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_of_another_guild_is_asked_about_there() {
    let world = everybody_is_linked().await;
    let eve = world.discord.user("eve");
    world.discord.becomes(GUILD, &eve, Membership::Gone);
    world.discord.says(OTHER_CHANNEL, &eve, &mention("approve design for CH-001"));
    world.message_in(OTHER_CHANNEL, &eve, "design gate").await;
    let (_, directive) = world.directives().pop().unwrap();
    assert_eq!(directive.account.unwrap().space, OTHER_GUILD.to_string());
    world.discord.assert_no_faults();
}
