-- name: summaries
-- Sessions as a recruiter's list shows them: the one place that says what a summary is. $2 is the order of a page, or
-- 'one' for session $3 alone, whose reader has been found to be its recruiter. A page: of recruiter $1, interview $4,
-- status $5, with $6 in name or title, after the key in $7, $8 or $9 with id $10, at most $11. Only the
-- branch of the asked order is ever run, each along its own index.
WITH mine AS NOT MATERIALIZED (
    SELECT s.* FROM interview_sessions s
    WHERE s.recruiter_id = $1
        AND ($4::uuid IS NULL OR s.interview_id = $4)
        AND ($5::text IS NULL OR s.status = $5)
        AND (
            $6::text IS NULL
            OR strpos(lower(s.candidate_name), lower($6)) > 0
            OR strpos(lower(s.interview_title), lower($6)) > 0
        )
),

page AS (
    (
        SELECT s.* FROM interview_sessions s WHERE $2::text = 'one' AND s.id = $3
    )
    UNION ALL
    (
        SELECT m.* FROM mine m
        WHERE $2 = '-activity'
            AND m.last_activity_at <= coalesce($7::timestamptz, 'infinity')
            AND (m.last_activity_at < coalesce($7, 'infinity') OR m.id > $10)
        ORDER BY m.last_activity_at DESC, m.id
        LIMIT $11
    )
    UNION ALL
    (
        SELECT m.* FROM mine m
        WHERE $2 = 'started_at' AND (m.started_at, m.id) > (coalesce($7, '-infinity'), $10)
        ORDER BY m.started_at, m.id
        LIMIT $11
    )
    UNION ALL
    (
        SELECT m.* FROM mine m
        WHERE $2 = '-percentage'
            AND coalesce(m.percentage, -1) <= coalesce($8::numeric, 'infinity')
            AND (coalesce(m.percentage, -1) < coalesce($8, 'infinity') OR m.id > $10)
        ORDER BY coalesce(m.percentage, -1) DESC, m.id
        LIMIT $11
    )
    UNION ALL
    (
        SELECT m.* FROM mine m
        WHERE $2 = 'candidate_name' AND (m.candidate_name, m.id) > (coalesce($9::text, ''), $10::uuid)
        ORDER BY m.candidate_name, m.id
        LIMIT $11::bigint
    )
)

SELECT
    p.id,
    p.candidate_name,
    p.interview_id,
    p.interview_title,
    p.attempt,
    p.status,
    p.current_question_index,
    p.question_count,
    p.holder_node IS NOT NULL AS connected,
    p.paused_at,
    CASE
        WHEN p.status <> 'in_progress' THEN NULL
        -- while waiting the clock runs to the opening; a pause freezes whichever it was
        WHEN coalesce(p.paused_at, statement_timestamp()) < p.question_started_at
            THEN floor(1000 * extract(EPOCH FROM p.question_started_at - coalesce(p.paused_at, statement_timestamp())))
        ELSE greatest(
            0,
            floor(1000 * extract(EPOCH FROM coalesce(p.paused_remaining, p.question_deadline - statement_timestamp())))
        )
    END::bigint AS remaining_ms,
    p.last_activity_at,
    p.final_score,
    p.max_score,
    p.percentage,
    p.recommendation,
    (
        SELECT a.evaluation_state FROM answers a WHERE a.session_id = p.id
        ORDER BY
            array_position(ARRAY['failed', 'needs_review', 'partial', 'running', 'queued', 'scored'], a.evaluation_state)
        LIMIT 1
    ) AS evaluation_state,
    p.flags,
    p.started_at
FROM page p
ORDER BY
    CASE WHEN $2 = '-activity' THEN p.last_activity_at END DESC,
    CASE WHEN $2 = 'started_at' THEN p.started_at END,
    CASE WHEN $2 = '-percentage' THEN coalesce(p.percentage, -1) END DESC,
    CASE WHEN $2 = 'candidate_name' THEN p.candidate_name END,
    p.id;

-- name: release
-- Let the candidate see a settled session's result; nothing where they can already, or it is not settled.
UPDATE interview_sessions SET released_at = clock_timestamp()
WHERE id = $1 AND evaluated_at IS NOT NULL AND released_at IS NULL
RETURNING id;

-- name: sign
-- A person's recommendation for a locked session.
UPDATE interview_sessions
SET recommendation = $2, recommendation_signed_by = $3, recommendation_signed_at = clock_timestamp()
WHERE id = $1;

-- name: verdict
-- How a locked session is judged: when it was settled and released, and what is recommended.
SELECT evaluated_at, released_at, recommendation FROM interview_sessions WHERE id = $1;

-- name: exported
-- Up to $5 sessions of recruiter $1 for a spreadsheet, of interview $2 where one is given, after the start $3 and id $4.
SELECT
    s.id, s.interview_id, s.interview_title, s.interview_version, s.candidate_name, u.email AS candidate_email, s.attempt,
    s.status, s.pacing, s.extra_time_percent, s.started_at, s.completed_at AS ended_at, s.question_count,
    a.answered, a.late, a.closed_by_server, a.time_taken_seconds, a.scores, a.to_review,
    s.final_score, s.max_score, s.percentage, s.recommendation, signer.name AS signed_by,
    s.recommendation_signed_at AS signed_at, s.evaluated_at, s.released_at, s.flags, s.ai_summary
FROM interview_sessions s
INNER JOIN users u ON u.id = s.user_id
LEFT JOIN users signer ON signer.id = s.recommendation_signed_by
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE g.how IN ('submitted', 'auto')) AS answered,
        count(*) FILTER (WHERE g.late) AS late,
        count(*) FILTER (WHERE g.how IN ('expired', 'terminated')) AS closed_by_server,
        coalesce(sum(g.time_taken), 0) AS time_taken_seconds,
        count(*) FILTER (WHERE g.evaluation_state IN ('failed', 'needs_review', 'partial')) AS to_review,
        coalesce(array_agg(coalesce(g.score::text, '') ORDER BY g.question_index), '{}') AS scores
    FROM answers g WHERE g.session_id = s.id
) AS a
WHERE s.recruiter_id = $1
    AND ($2::uuid IS NULL OR s.interview_id = $2)
    AND (s.started_at, s.id) > (coalesce($3::timestamptz, '-infinity'), $4::uuid)
ORDER BY s.started_at, s.id
LIMIT $5;
