//! The workspaces that have the app. Whoever sends asks here which token counts.

use std::collections::HashSet;

use sqlx::AnyPool;

use super::Tx;

#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Workspace {
    pub team_id: String,
    pub name: String,
    pub bot_user_id: String,
    pub bot_id: String,
    /// Where the token is kept, never the token itself.
    pub token_ref: String,
    pub connected_at: i64,
    pub ended_at: Option<i64>,
    pub ended_why: Option<String>,
}

/// The token in `SLACK_BOT_TOKEN`.
pub const TOKEN_FROM_ENV: &str = "env";

const COLUMNS: &str = "SELECT team_id, name, bot_user_id, bot_id, token_ref, connected_at, ended_at, ended_why FROM workspaces WHERE team_id = $1";

/// Slack has just said that the token is good: the workspace is (again) one we send to.
pub async fn connected(tx: &mut Tx, workspace: &Workspace) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO workspaces (team_id, name, bot_user_id, bot_id, token_ref, connected_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (team_id) DO UPDATE SET name = excluded.name, bot_user_id = excluded.bot_user_id,
             bot_id = excluded.bot_id, token_ref = excluded.token_ref, connected_at = excluded.connected_at,
             ended_at = NULL, ended_why = NULL",
    )
    .bind(&workspace.team_id)
    .bind(&workspace.name)
    .bind(&workspace.bot_user_id)
    .bind(&workspace.bot_id)
    .bind(&workspace.token_ref)
    .bind(workspace.connected_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn find(pool: &AnyPool, team: &str) -> sqlx::Result<Option<Workspace>> {
    sqlx::query_as(COLUMNS).bind(team).fetch_optional(pool).await
}

/// The teams to which nothing has been sent since before that instant.
pub async fn ended_before(pool: &AnyPool, before: i64) -> sqlx::Result<HashSet<String>> {
    let teams: Vec<String> = sqlx::query_scalar("SELECT team_id FROM workspaces WHERE ended_at <= $1")
        .bind(before)
        .fetch_all(pool)
        .await?;
    Ok(teams.into_iter().collect())
}

/// Nothing more is sent there. An event from before the last (re)installation says nothing.
pub async fn end(tx: &mut Tx, team: &str, why: &str, said_at: i64, now: i64) -> sqlx::Result<bool> {
    let ended = sqlx::query(
        "UPDATE workspaces SET ended_at = $1, ended_why = $2
         WHERE team_id = $3 AND ended_at IS NULL AND connected_at <= $4",
    )
    .bind(now)
    .bind(why)
    .bind(team)
    .bind(said_at)
    .execute(&mut **tx)
    .await?;
    Ok(ended.rows_affected() > 0)
}
