-- name: of_interview
-- What recruiter $2's interview $1 has come to, in one row; none where it is not theirs. People are counted once, however
-- often they tried. A question that reads the same in several versions is one; those of the newest version come first.
WITH mine AS (
    SELECT id, title, version FROM interviews WHERE id = $1 AND created_by = $2
),

attempts AS (
    SELECT s.id, s.user_id, s.status, s.percentage, s.released_at
    FROM mine m INNER JOIN interview_sessions s ON s.interview_id = m.id
),

given AS (
    SELECT g.question_id, g.answer_text, g.how, g.score, g.time_taken, g.evaluation_state
    FROM attempts s INNER JOIN answers g ON g.session_id = s.id
),

asked AS (
    SELECT
        q.type,
        q.question_text,
        q.points,
        max(q.version) AS version,
        (array_agg(q.position ORDER BY q.version DESC))[1] AS position,
        (array_agg(q.difficulty ORDER BY q.version DESC))[1] AS difficulty,
        (array_agg(q.time_limit ORDER BY q.version DESC))[1] AS time_limit,
        count(g.question_id) AS answers,
        count(*) FILTER (WHERE g.question_id IS NOT NULL AND coalesce(btrim(g.answer_text), '') = '') AS empty,
        count(*) FILTER (WHERE g.how = 'expired') AS expired,
        count(*) FILTER (WHERE g.evaluation_state = 'scored') AS scored,
        round(100 * avg(g.score / q.points) FILTER (WHERE g.evaluation_state = 'scored'), 2) AS mean_percentage,
        -- a session that was ended says nothing about how long its open question takes
        percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY g.time_taken::double precision)
        FILTER (WHERE g.how <> 'terminated') AS quartiles
    FROM mine m
    INNER JOIN questions q ON q.interview_id = m.id
    LEFT JOIN given g ON g.question_id = q.id
    GROUP BY q.type, q.question_text, q.points
)

SELECT
    m.id,
    m.title,
    m.version,
    (
        SELECT count(*) FROM (
            SELECT v.user_id FROM invitations v WHERE v.interview_id = m.id AND v.revoked_at IS NULL
            UNION
            SELECT s.user_id FROM attempts s
        ) AS people
    ) AS invited,
    (SELECT count(DISTINCT s.user_id) FROM attempts s) AS started,
    (SELECT count(DISTINCT s.user_id) FROM attempts s WHERE s.status = 'completed') AS completed,
    (SELECT count(DISTINCT s.user_id) FROM attempts s WHERE s.status = 'completed' AND s.percentage IS NOT NULL) AS settled,
    (
        SELECT count(DISTINCT s.user_id) FROM attempts s WHERE s.status = 'completed' AND s.released_at IS NOT NULL
    ) AS released,
    (
        SELECT jsonb_object_agg(o.status, o.sessions)
        FROM (SELECT s.status, count(*) AS sessions FROM attempts s GROUP BY s.status) AS o
    ) AS sessions,
    (
        SELECT array_agg(
            (
                SELECT count(*) FROM attempts s
                WHERE s.percentage >= 10 * tenth AND (s.percentage < 10 * tenth + 10 OR tenth = 9)
            )
            ORDER BY tenth
        )
        FROM generate_series(0, 9) AS tenth
    ) AS tenths,
    (SELECT round(avg(s.percentage), 2) FROM attempts s) AS mean_percentage,
    (
        SELECT round((percentile_cont(0.5) WITHIN GROUP (ORDER BY s.percentage::double precision))::numeric, 2)
        FROM attempts s
    ) AS median_percentage,
    (
        SELECT jsonb_agg(
            jsonb_build_object(
                'question_text', a.question_text,
                'type', a.type,
                'points', a.points,
                'position', a.position,
                'is_current', a.version = m.version,
                'difficulty', a.difficulty,
                'time_limit', a.time_limit,
                'answers', a.answers,
                'empty', a.empty,
                'expired', a.expired,
                'scored', a.scored,
                'mean_percentage', a.mean_percentage,
                'quartiles_seconds', a.quartiles
            )
            ORDER BY a.version DESC, a.position
        )
        FROM asked a
    ) AS questions
FROM mine m;
