//! The files in `deploy/`: what cannot be run here is at least read.

use rung::config::SETTINGS;
use serde_json::Value;

use super::{files, read, rung};

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).expect("sound YAML")
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_manifest_is_what_the_program_prints() {
    assert_eq!(read("deploy/slack-manifest.yaml"), rung(&["manifest", "--url", "https://rung.example.com"]));
}

#[test]
fn the_manifest_keeps_within_slacks_limits() {
    let manifest = yaml(&read("deploy/slack-manifest.yaml"));
    let check = |pointer: &str, least: usize, most: usize| {
        let text = manifest
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{pointer} is missing"));
        let length = text.chars().count();
        assert!((least..=most).contains(&length), "{pointer} has {length} characters");
    };
    check("/display_information/name", 1, 35);
    check("/display_information/description", 1, 140);
    check("/display_information/long_description", 175, 4000);
    check("/features/bot_user/display_name", 1, 80);
    check("/features/slash_commands/0/command", 2, 32);
    check("/features/slash_commands/0/description", 1, 2000);
    check("/features/slash_commands/0/usage_hint", 1, 1000);
    assert_eq!(manifest["features"]["slash_commands"][0]["should_escape"], false);
    assert_eq!(manifest["features"]["app_home"]["messages_tab_read_only_enabled"], false);
    for off in ["org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"] {
        assert_eq!(manifest["settings"][off], false, "{off}");
    }
    assert!(manifest["oauth_config"].get("redirect_urls").is_none());
    assert!(manifest.pointer("/settings/interactivity/message_menu_options_url").is_none());
    for (pointer, path) in [
        ("/features/slash_commands/0/url", "/slack/commands"),
        ("/settings/event_subscriptions/request_url", "/slack/events"),
        ("/settings/interactivity/request_url", "/slack/interactivity"),
    ] {
        let expected = format!("https://rung.example.com{path}");
        assert_eq!(manifest.pointer(pointer).and_then(Value::as_str), Some(expected.as_str()));
    }
}

/// `NAME=value` lines; a default stands behind a `#` at the line's start.
fn lines_of_env() -> Vec<(bool, String, String)> {
    let text = read("deploy/rung.env");
    let settings = text.lines().filter_map(|line| {
        let (is_default, line) = line.strip_prefix('#').map_or((false, line), |line| (true, line));
        let (name, value) = line.split_once('=')?;
        let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        is_name.then(|| (is_default, name.to_owned(), value.to_owned()))
    });
    settings.collect()
}

#[test]
fn every_setting_is_explained_with_its_default() {
    /// For `compose.yaml`, not for Rung.
    const COMPOSE: [&str; 2] = ["RUNG_DOMAIN", "POSTGRES_PASSWORD"];
    let lines = lines_of_env();
    for setting in &SETTINGS {
        let found: Vec<_> = lines.iter().filter(|(_, name, _)| name == setting.name).collect();
        let [(is_default, _, value)] = found.as_slice() else { panic!("{} stands there once", setting.name) };
        assert_eq!(value, setting.default.unwrap_or_default(), "{}", setting.name);
        let needed = matches!(setting.name, "SLACK_SIGNING_SECRET" | "SLACK_BOT_TOKEN");
        assert_eq!(*is_default, !needed, "{}: what is needed waits to be filled in", setting.name);
    }
    for (_, name, _) in &lines {
        let known = SETTINGS.iter().any(|setting| setting.name == name) || COMPOSE.contains(&name.as_str());
        assert!(known, "rung.env has {name}, which nothing reads");
    }
    let manual = read("docs/OPERATING.md");
    for setting in &SETTINGS {
        assert!(
            manual.contains(&format!("| `{}` |", setting.name)),
            "OPERATING.md has a row for {}",
            setting.name
        );
    }
}

/// A folder that only the build on one's own machine sees breaks the image, and no other test.
#[test]
fn the_image_is_built_from_every_folder_that_is_not_for_people_or_tests() {
    let mut folders: Vec<String> = files()
        .iter()
        .filter(|path| path.components().count() > 1)
        .filter_map(|path| Some(path.iter().next()?.to_str()?.to_owned()))
        .filter(|folder| {
            !folder.starts_with('.')
                && !["benches", "deploy", "docs", "fuzz", "tests"].contains(&folder.as_str())
        })
        .collect();
    folders.sort();
    folders.dedup();
    assert!(folders.contains(&"src".to_owned()));
    let (dockerfile, wanted) = (read("deploy/Dockerfile"), read("deploy/Dockerfile.dockerignore"));
    for folder in folders {
        assert!(
            dockerfile.lines().any(|line| line == format!("COPY {folder} {folder}")),
            "{folder} is not copied"
        );
        assert!(
            wanted.lines().any(|line| line == format!("!{folder}")),
            "{folder} is left out of the context"
        );
    }
}

#[test]
fn the_dockerfile_ends_unprivileged_and_healthy() {
    let text = read("deploy/Dockerfile").replace("\\\n", " ");
    let instructions: Vec<(&str, &str)> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(char::is_whitespace).unwrap_or((line, "")))
        .collect();
    const KNOWN: [&str; 13] = [
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "EXPOSE",
        "VOLUME",
        "HEALTHCHECK",
        "STOPSIGNAL",
        "USER",
        "ENTRYPOINT",
        "CMD",
        "LABEL",
    ];
    for (word, _) in &instructions {
        assert!(KNOWN.contains(word), "{word} is no instruction");
    }
    let all = |word: &str| -> Vec<&str> {
        instructions.iter().filter(|(w, _)| *w == word).map(|(_, rest)| *rest).collect()
    };
    assert_eq!(instructions[0].0, "FROM");
    assert_eq!(all("FROM").len(), 2, "one stage builds, one runs");
    assert!(all("FROM")[0].starts_with("rust:1.95"), "as in Cargo.toml");
    assert!(all("RUN").iter().any(|run| run.contains("cargo build --release --locked")));
    assert!(all("RUN").iter().any(|run| run.contains("ca-certificates")));
    assert!(!matches!(all("USER").last(), None | Some(&"root" | &"0")));
    let check = all("HEALTHCHECK");
    assert!(check.len() == 1 && check[0].contains("/healthz"));
    let (_, command) = check[0].split_once("CMD ").expect("a command");
    for list in [command].iter().chain(&all("ENTRYPOINT")).chain(&all("CMD")) {
        let words: Vec<String> = serde_json::from_str(list).expect("the exec form is JSON");
        assert!(!words.is_empty());
    }
    for file in all("COPY").iter().filter(|copy| !copy.contains("--from")) {
        for source in file.split_whitespace().rev().skip(1) {
            assert!(super::root().join(source).exists(), "COPY {source}");
            assert!(
                read("deploy/Dockerfile.dockerignore").contains(&format!("!{source}")),
                "{source} is kept out"
            );
        }
    }
}

#[test]
fn compose_has_a_database_and_a_proxy_with_health_checks() {
    let compose = yaml(&read("deploy/compose.yaml"));
    let services = compose["services"].as_object().expect("services");
    assert_eq!(services.keys().collect::<Vec<_>>().len(), 3);
    for (name, service) in services {
        assert!(service["healthcheck"]["test"].is_array(), "{name} says when it is healthy");
        assert_eq!(service["restart"], "unless-stopped", "{name}");
    }
    let rung = &services["rung"];
    assert_eq!(rung["build"]["dockerfile"], "deploy/Dockerfile");
    assert_eq!(rung["env_file"], ".env");
    assert!(
        rung["environment"]["DATABASE_URL"].as_str().is_some_and(|url| url.starts_with("postgres://rung:${"))
    );
    assert_eq!(rung["environment"]["RUNG_LISTEN"], "0.0.0.0:3000");
    assert_eq!(rung["depends_on"]["db"]["condition"], "service_healthy");
    assert!(
        rung.get("ports").is_none() && services["db"].get("ports").is_none(),
        "only the proxy is outside"
    );
    assert!(texts(&services["db"]["volumes"])[0].starts_with("database:"));
    assert!(texts(&services["caddy"]["ports"]).contains(&"443:443"));
    assert!(texts(&services["caddy"]["volumes"]).iter().any(|volume| volume.starts_with("./Caddyfile:")));
    let volumes = compose["volumes"].as_object().expect("volumes");
    for service in services.values() {
        for volume in service.get("volumes").map(texts).unwrap_or_default() {
            let name = volume.split(':').next().unwrap_or_default();
            assert!(name.starts_with("./") || volumes.contains_key(name), "{name} is declared");
        }
    }
    let caddy = read("deploy/Caddyfile");
    assert_eq!(caddy.matches('{').count(), caddy.matches('}').count());
    for path in
        ["{$RUNG_DOMAIN}", "/slack/commands", "/slack/interactivity", "/slack/events", "reverse_proxy"]
    {
        assert!(caddy.contains(path), "{path}");
    }
}

#[test]
fn the_systemd_unit_takes_away_what_is_not_needed() {
    let text = read("deploy/rung.service");
    let mut section = String::new();
    let mut keys: Vec<(String, String, String)> = Vec::new();
    for (line, n) in
        text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty() && !line.starts_with('#'))
    {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => section = name.to_owned(),
            None => {
                let (key, value) =
                    line.split_once('=').unwrap_or_else(|| panic!("line {n} is no setting: {line}"));
                keys.push((section.clone(), key.to_owned(), value.to_owned()));
            }
        }
    }
    let has = |section: &str, key: &str, value: &str| {
        let found = keys.iter().any(|(s, k, v)| s == section && k == key && v == value);
        assert!(found, "[{section}] {key}={value}");
    };
    has("Install", "WantedBy", "multi-user.target");
    has("Service", "ExecStart", "/usr/local/bin/rung serve");
    has("Service", "EnvironmentFile", "/etc/rung/rung.env");
    has("Service", "DynamicUser", "yes");
    has("Service", "StateDirectory", "rung");
    has("Service", "ProtectSystem", "strict");
    has("Service", "CapabilityBoundingSet", "");
    has("Service", "SystemCallFilter", "@system-service");
    for key in [
        "NoNewPrivileges",
        "ProtectHome",
        "PrivateTmp",
        "PrivateDevices",
        "PrivateUsers",
        "ProtectClock",
        "ProtectHostname",
        "ProtectKernelLogs",
        "ProtectKernelModules",
        "ProtectKernelTunables",
        "ProtectControlGroups",
        "RestrictNamespaces",
        "RestrictRealtime",
        "RestrictSUIDSGID",
        "LockPersonality",
        "MemoryDenyWriteExecute",
    ] {
        has("Service", key, "yes");
    }
    // Longer than the program needs to stop.
    has("Service", "TimeoutStopSec", "15s");
    assert!(keys.iter().any(|(section, key, _)| section == "Unit" && key == "Description"));
}
