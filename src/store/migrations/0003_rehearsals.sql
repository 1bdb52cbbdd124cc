-- When somebody first opened App Home: from then on it is kept fresh.
ALTER TABLE people ADD COLUMN home_opened_at BIGINT;
-- When they last rehearsed: most people never do, and then nobody has to look.
ALTER TABLE people ADD COLUMN rehearsed_at BIGINT;

-- A set of questions that somebody answers, one at a time. The answers are kept nowhere, the scores here.
CREATE TABLE rehearsals (
    id          TEXT   NOT NULL PRIMARY KEY,
    team_id     TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    prompt_id   TEXT   NOT NULL,
    started_at  BIGINT NOT NULL,
    touched_at  BIGINT NOT NULL,
    -- Three digits for each question so far, proof, brevity, a limit admitted: "211 101".
    scores      TEXT   NOT NULL,
    -- Set while the score of an answer is asked for.
    answered_at BIGINT,
    ended_at    BIGINT,
    -- finished, stopped
    ended_how   TEXT
);

CREATE INDEX rehearsals_of ON rehearsals (team_id, user_id, started_at);
