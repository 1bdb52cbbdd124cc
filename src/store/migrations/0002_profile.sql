-- Who somebody is to the coach: where they are, how they feel about leading, how much time they have.
ALTER TABLE people ADD COLUMN here TEXT;
ALTER TABLE people ADD COLUMN feeling TEXT;
-- Minutes a week.
ALTER TABLE people ADD COLUMN minutes BIGINT;
-- The form at the beginning: when it was last offered, sent in, or declined for good.
ALTER TABLE people ADD COLUMN offered_at BIGINT;
ALTER TABLE people ADD COLUMN begun_at BIGINT;
ALTER TABLE people ADD COLUMN never_ask_at BIGINT;
-- The last rating of themselves, of any kind.
ALTER TABLE people ADD COLUMN rated_at BIGINT;

-- What makes a card strong: who confirmed it (witness), how, when and in which words, and what had
-- lasted a quarter later.
ALTER TABLE evidence ADD COLUMN situation TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN confirmed_how TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN confirmed_on TEXT;
ALTER TABLE evidence ADD COLUMN confirmed_words TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN lasted TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN lasted_on TEXT;
-- For the words of a CV: the goal it served, how others were brought along, what comes a level up.
ALTER TABLE evidence ADD COLUMN goal TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN others TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN level_up TEXT NOT NULL DEFAULT '';
-- The level it argues for, 1 to 4, and where its owner placed it on the challenge's rubric, 1 to 3.
ALTER TABLE evidence ADD COLUMN level BIGINT;
ALTER TABLE evidence ADD COLUMN placed BIGINT;
-- 1 to 4, by coach::levels, written with the card so that cards can be counted by it.
ALTER TABLE evidence ADD COLUMN strength BIGINT NOT NULL DEFAULT 1;
-- All its words in lower case, for finding it again.
ALTER TABLE evidence ADD COLUMN searchable TEXT NOT NULL DEFAULT '';

UPDATE evidence SET strength = 2 WHERE link <> '';
UPDATE evidence SET searchable = LOWER(what || ' ' || changed || ' ' || witness || ' ' || link);

CREATE INDEX evidence_by_skill ON evidence (team_id, user_id, skill_id, strength);

-- A challenge that waits while another one is the current one.
ALTER TABLE challenges ADD COLUMN parked_at BIGINT;

-- How people rated themselves, each time they did. An item is a skill or a question's number.
CREATE TABLE ratings (
    team_id       TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    assessment_id TEXT   NOT NULL,
    item_id       TEXT   NOT NULL,
    rated_at      BIGINT NOT NULL,
    -- 1 is the lowest.
    level         BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id, assessment_id, item_id, rated_at)
);
