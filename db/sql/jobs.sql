-- name: read_answer_work
-- What grading needs of some answer jobs: the answer, its frozen question with its key, and where it belongs. That they are such
-- jobs follows from their answers; said again by their kind it would make the planner walk through that kind's whole index.
SELECT
    j.id AS job_id, j.session_id, j.answer_id, j.grading_version, j.attempt, j.failures,
    s.interview_id, s.status AS session_status,
    a.answer_text, q.type, q.question_text, q.points, q.correct_answer, q.expected_keywords, q.sample_answer,
    q.language, q.starter_code, q.sample_solution, q.evaluation_criteria,
    j.due_at <= clock_timestamp()
    AND (j.state = 'queued' OR (j.state = 'running' AND j.lease_until < clock_timestamp())) AS is_due
FROM jobs j
INNER JOIN interview_sessions s ON s.id = j.session_id
INNER JOIN answers a ON a.id = j.answer_id
INNER JOIN questions q ON q.id = a.question_id
WHERE j.id = ANY($1::uuid[]);

-- name: read_interviews
-- Which interviews some jobs belong to.
SELECT j.id, s.interview_id
FROM jobs j INNER JOIN interview_sessions s ON s.id = j.session_id
WHERE j.id = ANY($1::uuid[]);

-- name: read_waiting
-- Jobs for the AI that were published more than $1 ago and that nobody works on: they wait in a process that has more of them than
-- slots. The last published first, which are the farthest from their turn there; at most $2, of the $3 last that are unsettled.
WITH last AS MATERIALIZED (
    SELECT id, kind, session_id, answer_id, grading_version, state, due_at
    FROM jobs
    WHERE published_at < clock_timestamp() - $1::interval AND state IN ('queued', 'running')
    ORDER BY published_at DESC
    LIMIT $3
)

SELECT j.id AS job_id, j.kind, s.interview_id, j.grading_version > 1 AS again
FROM last j
INNER JOIN interview_sessions s ON s.id = j.session_id
LEFT JOIN answers a ON a.id = j.answer_id
LEFT JOIN questions q ON q.id = a.question_id
WHERE j.state = 'queued' AND j.due_at <= clock_timestamp() AND q.type IS DISTINCT FROM 'mcq'
LIMIT $2;

-- name: claim
-- Take one job for a while ($2 seconds): nobody else does until then, and only this attempt may settle it.
-- An answer that waited is now running; one that was tried before keeps the state it got then. A job that was about to be published
-- once more counts as published: the sweeper looks at those, and nobody else would miss it if its holder died.
WITH claimed AS (
    UPDATE jobs
    SET
        state = 'running',
        attempt = attempt + 1,
        published_at = coalesce(published_at, clock_timestamp()),
        lease_until = clock_timestamp() + make_interval(secs => $2)
    WHERE
        id = $1
        AND due_at <= clock_timestamp()
        AND (state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp()))
    RETURNING id, kind, session_id, answer_id, grading_version, attempt, failures
),

running AS (
    UPDATE answers a SET evaluation_state = 'running'
    FROM claimed INNER JOIN interview_sessions s ON s.id = claimed.session_id
    WHERE
        a.id = claimed.answer_id
        AND a.evaluation_state = 'queued'
        AND s.grading_version = claimed.grading_version
)

SELECT
    c.id AS job_id, c.kind, c.session_id, c.answer_id, c.grading_version, c.attempt, c.failures,
    s.interview_id, s.status AS session_status
FROM claimed c
INNER JOIN interview_sessions s ON s.id = c.session_id;

-- name: renew
-- Extend the leases of attempts that are still theirs ($1 jobs, $2 their attempts) by $3 seconds from now.
UPDATE jobs j SET lease_until = clock_timestamp() + make_interval(secs => $3)
FROM unnest($1::uuid[], $2::integer[]) AS held (id, attempt)
WHERE j.id = held.id AND j.attempt = held.attempt AND j.state = 'running'
RETURNING j.id AS job_id, j.attempt;

-- name: complete
-- End a job by the attempt that holds it; answers nothing where another has taken it over.
UPDATE jobs SET state = 'done', lease_until = NULL, last_error = NULL
WHERE id = $1 AND attempt = $2 AND state = 'running'
RETURNING id;

-- name: retry_later
-- Put a job back after a failure, due in $3 seconds; answers nothing where another attempt has taken it over.
UPDATE jobs
SET
    state = 'queued',
    lease_until = NULL,
    published_at = NULL,
    failures = failures + 1,
    due_at = clock_timestamp() + make_interval(secs => $3),
    last_error = $4
WHERE id = $1 AND attempt = $2 AND state = 'running'
RETURNING id;

-- name: give_up
-- End a job without a result; published_at is empty until its dead letter is written.
UPDATE jobs
SET state = 'dead', lease_until = NULL, published_at = NULL, failures = failures + 1, last_error = $3
WHERE id = $1 AND attempt = $2 AND state = 'running'
RETURNING id;

-- name: hand_back
-- Give up leases ($1 jobs, $2 attempts) without a result, for others to take at once.
UPDATE jobs j SET state = 'queued', lease_until = NULL, published_at = NULL, due_at = clock_timestamp()
FROM unnest($1::uuid[], $2::integer[]) AS held (id, attempt)
WHERE j.id = held.id AND j.attempt = held.attempt AND j.state = 'running';

-- name: republish
-- Ask for waiting jobs to be published again.
UPDATE jobs SET published_at = NULL WHERE id = ANY($1::uuid[]) AND state = 'queued';

-- name: take_unburied
-- Dead jobs without a dead letter, locked until the transaction's end; what another holds is left to it.
SELECT j.id, j.kind, j.session_id, j.answer_id, j.attempt, j.last_error, clock_timestamp() AS at
FROM jobs j
WHERE j.state = 'dead' AND j.published_at IS NULL
ORDER BY j.id
LIMIT $1
FOR UPDATE SKIP LOCKED;

-- name: mark_buried
-- Dead jobs whose letters are written.
UPDATE jobs SET published_at = clock_timestamp() WHERE id = ANY($1::uuid[]) AND state = 'dead';
