-- name: seats
-- Sessions by number, for pgbench has no variables but numbers and what it reads.
CREATE TABLE bench_seats AS
SELECT row_number() OVER () - 1 AS place, id AS session_id, user_id, interview_id FROM interview_sessions;
CREATE UNIQUE INDEX bench_seats_by_place ON bench_seats (place);
ANALYZE bench_seats;

-- name: script
-- One answer as realtime/usecases/submit.py has PostgreSQL do it. A client answers 99 of a session's 100 questions, so
-- that none ends, and goes on with the next session; `turn` counts through its whole run.
\set turn :turn + 1
\set index mod(:turn, 99)
\if :index = 0
\set place :client_id + :clients * (:turn / 99)
SELECT session_id, user_id, interview_id FROM bench_seats WHERE place = :place \gset
\endif
BEGIN;
$lock_own;
$record;
COMMIT;

-- name: sessions
-- The session's new state.
jsonb_build_array(jsonb_build_object(
    'id', :session_id::uuid, 'fence', 0, 'status', 'in_progress', 'index', :index::integer + 1,
    'opens_at', clock_timestamp(), 'deadline', clock_timestamp() + interval '2 hours', 'frozen', 0.0,
    'paused_at', NULL, 'paused_remaining', NULL, 'revision', :index::integer + 2, 'at', clock_timestamp(),
    'lock_used', false, 'active', true, 'flag', NULL
))

-- name: answers
-- The answer; the question's id is looked up here, where the node has it in memory.
jsonb_build_array(jsonb_build_object(
    'id', gen_random_uuid(), 'session_id', :session_id::uuid,
    'question_id', (
        SELECT id FROM questions
        WHERE interview_id = :interview_id::uuid AND version = 1 AND position = :index::integer
    ),
    'question_index', :index::integer, 'answer_text', '404', 'how', 'submitted', 'late', false,
    'sha256', repeat('0', 64), 'submitted_at', clock_timestamp(), 'time_taken', 1.5
))

-- name: feed
-- What the recruiter hears.
jsonb_build_array(
    jsonb_build_object(
        'session_id', :session_id::uuid, 'kind', 'answer_submitted', 'payload',
        jsonb_build_object(
            'question_index', :index::integer, 'time_taken_seconds', 1.5, 'how', 'submitted', 'late', false
        )
    ),
    jsonb_build_object(
        'session_id', :session_id::uuid, 'kind', 'question_advanced', 'payload',
        jsonb_build_object('question_index', :index::integer + 1, 'question_deadline', clock_timestamp())
    )
)
