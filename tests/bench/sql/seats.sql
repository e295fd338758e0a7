-- Make $2 candidates, each invited to the interview $1 and at its first question.
-- With a node ($3), that node's connection holds each session, and the session's id in text is its resume token.
WITH interview AS (
    SELECT
        i.*,
        count(*)::integer AS question_count,
        sum(q.points)::integer AS max_score,
        min(q.time_limit) FILTER (WHERE q.position = 0) AS first_limit
    FROM interviews i
    INNER JOIN questions q ON q.interview_id = i.id AND q.version = i.version
    WHERE i.id = $1
    GROUP BY i.id
),

people AS (
    INSERT INTO users (id, email, name, role)
    SELECT fresh.id, fresh.id || '@bench.test', 'Ada Lovelace', 'candidate'
    FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2::integer)) AS fresh
    RETURNING id
),

invited AS (
    INSERT INTO invitations (id, interview_id, user_id, max_attempts, expires_at)
    SELECT gen_random_uuid(), $1, people.id, 100, now() + interval '1 day' FROM people
),

seated AS (
    INSERT INTO interview_sessions (
        id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt, pacing,
        extra_time_percent, question_count, max_score, started_at, question_started_at, question_deadline,
        last_activity_at, fence, holder_node, holder_sid, locked_until, lock_token_hash, resume_token_hash
    )
    SELECT
        fresh.id, fresh.user_id, interview.id, interview.version, interview.created_by, 'Ada Lovelace', interview.title,
        1, interview.pacing, 0, interview.question_count, interview.max_score, fresh.now, fresh.now,
        fresh.now + make_interval(secs => interview.first_limit), fresh.now,
        CASE WHEN $3::uuid IS NULL THEN 0 ELSE 1 END,
        $3,
        CASE WHEN $3 IS NOT NULL THEN fresh.id::text END,
        CASE WHEN $3 IS NOT NULL THEN 'infinity'::timestamptz END,
        CASE WHEN $3 IS NOT NULL THEN sha256(convert_to('lock ' || fresh.id, 'UTF8')) END,
        CASE WHEN $3 IS NOT NULL THEN sha256(convert_to(fresh.id::text, 'UTF8')) END
    FROM (SELECT gen_random_uuid() AS id, people.id AS user_id, clock_timestamp() AS now FROM people) AS fresh
    CROSS JOIN interview
    RETURNING id, user_id
)

SELECT seated.id, seated.user_id FROM seated;
