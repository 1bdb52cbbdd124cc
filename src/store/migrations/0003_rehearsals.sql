-- When somebody first opened App Home: from then on it is kept fresh.
ALTER TABLE people ADD COLUMN home_opened_at BIGINT;

-- A set of questions that somebody answers, one at a time. The answers are kept nowhere, the scores here.
CREATE TABLE rehearsals (
    id         TEXT   NOT NULL PRIMARY KEY,
    team_id    TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    prompt_id  TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    -- One number for each question that has been scored: "3 4 2".
    scores     TEXT   NOT NULL,
    -- The question before them has been answered, and its score is asked for.
    answered_at BIGINT,
    ended_at   BIGINT,
    -- finished, stopped
    ended_how  TEXT
);

CREATE INDEX rehearsals_of ON rehearsals (team_id, user_id, started_at);
