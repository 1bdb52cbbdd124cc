-- How fast a workspace may be written to. Kept here, so that all servers together stay within it, and what
-- Slack has told one of them counts for all. Times are milliseconds.
CREATE TABLE paces (
    team_id    TEXT   NOT NULL PRIMARY KEY,
    -- When the next place in its row is free.
    free_at    BIGINT NOT NULL,
    -- Until when Slack wants no message, no question about messages, and no file.
    post_after BIGINT NOT NULL,
    look_after BIGINT NOT NULL,
    file_after BIGINT NOT NULL
);

-- A job that waits for its turn: its place in the row of its workspace, or 0 where it has none yet.
ALTER TABLE jobs ADD COLUMN place_at BIGINT;

-- Who is due, in the order in which they are planned, and how old Slack's word on their zone is: read from the
-- index alone. People before teams: of those due in one minute no workspace comes last as a whole.
DROP INDEX people_due;
CREATE INDEX people_due ON people (next_nudge_at, user_id, team_id, zone_checked_at) WHERE next_nudge_at IS NOT NULL;
