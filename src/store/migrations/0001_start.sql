-- Times are milliseconds since 1970, ids are text we make ourselves, dates are ISO text.
-- Every row bears its team, and every query asks for it.

CREATE TABLE workspaces (
    team_id      TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL,
    bot_user_id  TEXT   NOT NULL,
    bot_id       TEXT   NOT NULL,
    -- Where the token is kept, never the token: "env" is SLACK_BOT_TOKEN.
    token_ref    TEXT   NOT NULL,
    connected_at BIGINT NOT NULL,
    -- Set when the app was uninstalled or its token revoked: nothing is sent after that.
    ended_at     BIGINT,
    ended_why    TEXT
);

CREATE TABLE people (
    team_id         TEXT   NOT NULL,
    user_id         TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    used_at         BIGINT NOT NULL,
    welcomed_at     BIGINT,
    rung            TEXT,
    zone_chosen     TEXT,
    zone_slack      TEXT,
    zone_checked_at BIGINT,
    dm_channel      TEXT,
    nudges_on_at    BIGINT,
    nudge_day       TEXT,
    nudge_time      TEXT,
    nudge_every     BIGINT NOT NULL,
    quiet_until     TEXT,
    unanswered      BIGINT NOT NULL,
    last_week       TEXT,
    next_nudge_at   BIGINT,
    next_nudge_week TEXT,
    PRIMARY KEY (team_id, user_id)
);

-- Planning follows who is due, not how many people there are.
CREATE INDEX people_due ON people (next_nudge_at) WHERE next_nudge_at IS NOT NULL;

-- Every prompt that somebody has been shown, and what they put aside.
CREATE TABLE shown (
    team_id     TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    prompt_id   TEXT   NOT NULL,
    times       BIGINT NOT NULL,
    last_at     BIGINT NOT NULL,
    declined_at BIGINT,
    PRIMARY KEY (team_id, user_id, prompt_id)
);

-- Challenges taken on. The current one has no ended_at.
CREATE TABLE challenges (
    id        TEXT   NOT NULL PRIMARY KEY,
    team_id   TEXT   NOT NULL,
    user_id   TEXT   NOT NULL,
    prompt_id TEXT   NOT NULL,
    plan      TEXT   NOT NULL,
    due_on    TEXT   NOT NULL,
    taken_at  BIGINT NOT NULL,
    ended_at  BIGINT,
    ended_how TEXT
);

CREATE INDEX challenges_of ON challenges (team_id, user_id, taken_at);

CREATE TABLE evidence (
    id           TEXT   NOT NULL PRIMARY KEY,
    team_id      TEXT   NOT NULL,
    user_id      TEXT   NOT NULL,
    challenge_id TEXT,
    skill_id     TEXT,
    what         TEXT   NOT NULL,
    changed      TEXT   NOT NULL,
    witness      TEXT   NOT NULL,
    link         TEXT   NOT NULL,
    happened_on  TEXT   NOT NULL,
    logged_at    BIGINT NOT NULL,
    edited_at    BIGINT,
    -- Deleted by its owner; erased a day later, so that a slip can be undone.
    deleted_at   BIGINT
);

CREATE INDEX evidence_of ON evidence (team_id, user_id, logged_at);

-- The outbox: every message that must go out, and every slot of a nudge, however it ended.
CREATE TABLE jobs (
    id           TEXT   NOT NULL PRIMARY KEY,
    team_id      TEXT   NOT NULL,
    user_id      TEXT   NOT NULL,
    -- nudge, reminder, quiet, message
    kind         TEXT   NOT NULL,
    -- What makes it happen once: nudge/<team>/<user>/<week>.
    slot         TEXT   NOT NULL UNIQUE,
    week         TEXT,
    prompt_id    TEXT,
    -- A drawn message, for kind message; emptied once it is sent.
    body         TEXT   NOT NULL,
    -- What people are waiting for goes before what was planned.
    urgency      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    -- When it was meant to be, and when it may be tried (next).
    meant_at     BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    attempts     BIGINT NOT NULL,
    -- How many attempts are known to have reached nobody. Fewer than attempts: one may have.
    missed       BIGINT NOT NULL,
    -- The lease, by the database's clock, who has it, and a number that grows with each lease.
    leased_until BIGINT NOT NULL,
    holder       TEXT   NOT NULL,
    fence        BIGINT NOT NULL,
    done_at      BIGINT,
    -- sent, skipped, failed
    outcome      TEXT,
    reason       TEXT,
    channel      TEXT,
    message_ts   TEXT
);

CREATE INDEX jobs_waiting ON jobs (urgency, due_at, id) WHERE done_at IS NULL;
CREATE INDEX jobs_of ON jobs (team_id, user_id);
CREATE INDEX jobs_done ON jobs (done_at) WHERE done_at IS NOT NULL;

-- What has been answered already, so that the same request twice is one effect. The body is kept
-- for ten minutes, the row for two days.
CREATE TABLE answered (
    team_id     TEXT   NOT NULL,
    -- A signed request, a form, or an event: signature/…, form/…, event/….
    request     TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    answered_at BIGINT NOT NULL,
    -- The first answer's body, so that the second is the same.
    body        TEXT   NOT NULL,
    PRIMARY KEY (team_id, request)
);

CREATE INDEX answered_at ON answered (answered_at);
