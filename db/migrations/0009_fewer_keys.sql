-- Less to write for every answer: keys that say what another one says, or that nothing asks for.

-- A session's questions are frozen, so its question_index says which it is; that stays unique.
ALTER TABLE answers DROP CONSTRAINT answers_session_id_question_id_key;
DROP INDEX answers_unsettled;

ALTER TABLE results DROP COLUMN id;
ALTER TABLE results DROP CONSTRAINT results_answer_id_grading_version_key;
ALTER TABLE results ADD PRIMARY KEY (answer_id, grading_version);
