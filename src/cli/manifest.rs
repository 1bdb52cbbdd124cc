//! `rung manifest --url https://…`: the Slack app manifest for this address.

use anyhow::ensure;

use crate::coach::command;

/// Every scope has a use that somebody sees: commands; messages; opening the conversation; time zones
/// and people who leave; reading what is written to the coach, and finding a message whose fate is unclear; being called in a channel.
pub const SCOPES: [&str; 6] =
    ["commands", "chat:write", "im:write", "users:read", "im:history", "app_mentions:read"];

const EVENTS: [&str; 6] =
    ["app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked", "user_change"];

/// The manifest as YAML, to be pasted into Slack.
///
/// # Errors
/// Where the address is not one that Slack would call.
pub fn manifest(url: &str, slash_command: &str) -> anyhow::Result<String> {
    let url = url.trim_end_matches('/');
    ensure!(
        url.strip_prefix("https://")
            .is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace)),
        "Slack calls https addresses only; write the one that reaches this server, such as https://rung.example.com"
    );
    let list = |items: &[&str]| items.iter().map(|item| format!("      - {item}\n")).collect::<String>();
    let hint = command::usage_hint();
    let (scopes, events) = (list(&SCOPES), list(&EVENTS));
    Ok(format!(
        r##"_metadata:
  major_version: 2
  minor_version: 1
display_information:
  name: Rung
  description: A coach for product managers on the way to the next rung
  background_color: "#1f2a44"
  long_description: >-
    Rung coaches product managers who want the next rung, who wonder whether they want it, or who have just got
    it. Ask for a tip, be nudged once a week at your own hour, and log what you did, so that proof of leadership
    piles up where nobody but you can see it. It works with no other service and no model, and everything it
    knows about you can be erased with one command.
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: true
    messages_tab_read_only_enabled: false
  bot_user:
    display_name: Rung
    always_online: true
  shortcuts:
    - name: Log evidence
      type: global
      callback_id: log_evidence
      description: Keep what you did and what changed
    - name: Get a coaching tip
      type: global
      callback_id: coaching_tip
      description: One thing you can use this week; only you see it
    - name: Save as evidence
      type: message
      callback_id: save_evidence
      description: Keep this message and its link on a card that only you see
  slash_commands:
    - command: {slash_command}
      url: {url}/slack/commands
      description: A coaching tip, a challenge, a log of what you did
      usage_hint: "{hint}"
      should_escape: false
oauth_config:
  scopes:
    bot:
{scopes}settings:
  event_subscriptions:
    request_url: {url}/slack/events
    bot_events:
{events}  interactivity:
    is_enabled: true
    request_url: {url}/slack/interactivity
  org_deploy_enabled: false
  socket_mode_enabled: false
  token_rotation_enabled: false
"##
    ))
}
