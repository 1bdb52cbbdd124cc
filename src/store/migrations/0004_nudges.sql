-- What an event nudge is about, such as "manager-talk 2026-03-02 1"; NULL for all other jobs.
ALTER TABLE jobs ADD COLUMN occasion TEXT;

-- The soonest of what waits; what a person has had and will get of late, without being asked for; what
-- went wrong; what has served its time.
CREATE INDEX jobs_soonest ON jobs (due_at) WHERE done_at IS NULL;
CREATE INDEX jobs_unasked ON jobs (team_id, user_id, due_at) WHERE kind <> 'message';
CREATE INDEX jobs_failed ON jobs (done_at) WHERE outcome = 'failed';
CREATE INDEX jobs_messages_done ON jobs (done_at) WHERE kind = 'message' AND done_at IS NOT NULL;

-- The talk with the manager: the day it is booked for, and the day it was.
ALTER TABLE people ADD COLUMN talk_booked_on TEXT;
ALTER TABLE people ADD COLUMN talked_on TEXT;

-- A weekly challenge for everybody in a channel.
CREATE TABLE channel_nudges (
    team_id    TEXT   NOT NULL,
    channel_id TEXT   NOT NULL,
    -- Who set it up; empty once they have asked to be forgotten.
    set_by     TEXT   NOT NULL,
    set_at     BIGINT NOT NULL,
    nudge_day  TEXT   NOT NULL,
    nudge_time TEXT   NOT NULL,
    -- Whose wall clock counts: that of whoever set it up, at the time.
    zone       TEXT   NOT NULL,
    last_week  TEXT,
    next_at    BIGINT,
    next_week  TEXT,
    PRIMARY KEY (team_id, channel_id)
);

CREATE INDEX channel_nudges_due ON channel_nudges (next_at) WHERE next_at IS NOT NULL;
