-- name: open
-- One request to grade sessions of interview $2 again, by recipe $3, of person $4 or of the operator.
INSERT INTO regrades (id, interview_id, recipe_sha256, begun_by) VALUES ($1, $2, $3, $4);

-- name: begin
-- Ask for all answers of a locked session to be graded again for request $2, beside what counts; answers the new grading's version.
WITH following AS (
    SELECT
        s.grading_version AS base_version,
        greatest(s.grading_version, coalesce((SELECT max(j.grading_version) FROM jobs j WHERE j.session_id = s.id), 0)) + 1
            AS version
    FROM interview_sessions s WHERE s.id = $1
),

begun AS (
    INSERT INTO gradings (session_id, grading_version, regrade_id, base_version)
    SELECT $1, f.version, $2, f.base_version FROM following f
),

asked AS (
    INSERT INTO jobs (id, kind, session_id, answer_id, grading_version)
    SELECT gen_random_uuid(), 'answer', a.session_id, a.id, following.version
    FROM answers a, following
    WHERE a.session_id = $1
)

SELECT version FROM following;

-- name: compare
-- For each answer of a locked session: what counts now, and what grading $2 found, if it has.
SELECT
    a.question_index,
    a.evaluation_state = 'scored' AS is_scored,
    EXISTS(SELECT FROM score_overrides o WHERE o.answer_id = a.id) AS is_persons,
    r.state AS found
FROM answers a
LEFT JOIN results r ON r.answer_id = a.id AND r.grading_version = $2
WHERE a.session_id = $1
ORDER BY a.question_index;

-- name: in_force
-- The grading of a locked session that counts, the text that was written from it, and whether there is a grading $2.
SELECT
    s.grading_version, s.ai_summary, s.recommendation,
    EXISTS(
        SELECT FROM jobs j WHERE j.session_id = s.id AND j.kind = 'answer' AND j.grading_version = $2
    ) AS is_known
FROM interview_sessions s WHERE s.id = $1;

-- name: promote
-- Let grading $2 of a locked session count: its results become those of all answers that no person has scored, and what
-- changes is told to the recruiter's room and to the public stream. Where it saw in an answer what $3 stands for, the session is flagged.
WITH promoted AS (
    UPDATE interview_sessions s
    SET
        grading_version = $2,
        flags = CASE
            WHEN s.flags @> ARRAY[$3] OR NOT EXISTS (
                SELECT FROM results r INNER JOIN answers a ON a.id = r.answer_id
                WHERE a.session_id = s.id AND r.grading_version = $2 AND r.feedback ? $3
            ) THEN s.flags
            ELSE s.flags || $3
        END
    WHERE s.id = $1
    RETURNING s.id, s.recruiter_id, s.interview_id
),

changed AS (
    UPDATE answers a
    SET
        evaluation_state = r.state,
        score = r.score,
        feedback = r.feedback,
        graded_by = CASE WHEN r.score IS NOT NULL THEN r.graded_by END,
        evaluated_at = CASE WHEN r.state = 'scored' THEN clock_timestamp() END,
        result_version = a.result_version + 1
    FROM results r, promoted p, questions q
    WHERE
        a.session_id = p.id
        AND r.answer_id = a.id
        AND r.grading_version = $2
        AND q.id = a.question_id
        AND NOT EXISTS (SELECT FROM score_overrides o WHERE o.answer_id = a.id)
    RETURNING a.*, q.type, q.points, p.recruiter_id, p.interview_id
),

told AS (
    INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
    SELECT
        c.recruiter_id, c.session_id, 'answer_evaluated',
        jsonb_build_object(
            'question_index', c.question_index,
            'score', c.score,
            'points', c.points,
            'state', c.evaluation_state,
            'graded_by', c.graded_by
        )
    FROM changed c
    ORDER BY c.question_index
)

INSERT INTO stream_events (event_id, session_id, type, data, occurred_at)
SELECT
    gen_random_uuid(), c.session_id, 'interlock.answer.evaluated',
    jsonb_build_object(
        'session_id', c.session_id,
        'interview_id', c.interview_id,
        'answer_id', c.id,
        'question_id', c.question_id,
        'question_index', c.question_index,
        'question_type', c.type,
        'score', c.score,
        'points', c.points,
        'state', c.evaluation_state,
        'graded_by', c.graded_by,
        'version', c.result_version
    ),
    clock_timestamp()
FROM changed c
ORDER BY c.question_index;

-- name: take_text
-- A completed session's text becomes the one about the grading that counts now. Where that is not written and the session is
-- settled, there is none until it is; $2 asks for it. What a person has signed stands; a job that has ended without a text is
-- done again.
WITH taken AS (
    UPDATE interview_sessions s
    SET
        ai_summary = w.summary,
        strengths = w.strengths,
        improvements = w.improvements,
        recommendation = CASE WHEN s.recommendation_signed_by IS NULL THEN w.recommendation ELSE s.recommendation END
    FROM interview_sessions same
    LEFT JOIN summaries w ON w.session_id = same.id AND w.grading_version = same.grading_version
    WHERE s.id = $1 AND same.id = s.id AND s.status = 'completed'
    RETURNING s.id, s.grading_version, s.evaluated_at, s.ai_summary
)

INSERT INTO jobs (id, kind, session_id, grading_version)
SELECT gen_random_uuid(), 'summary', t.id, t.grading_version
FROM taken t
WHERE $2::boolean AND t.ai_summary IS NULL AND t.evaluated_at IS NOT NULL
ON CONFLICT (session_id, grading_version) WHERE kind = 'summary' DO UPDATE
SET state = 'queued', lease_until = NULL, published_at = NULL, failures = 0, due_at = clock_timestamp()
WHERE jobs.state IN ('done', 'dead');

-- name: read
-- A request to grade again, what it goes by, and how far it is; nothing where $2 is given and does not own its interview.
SELECT
    g.id, g.interview_id, i.title AS interview_title, g.begun_at, u.name AS begun_by, g.recipe_sha256, k.recipe,
    (SELECT count(*) FROM gradings n WHERE n.regrade_id = g.id) AS sessions,
    (
        SELECT count(*) FROM gradings n INNER JOIN interview_sessions s ON s.id = n.session_id
        WHERE n.regrade_id = g.id AND s.grading_version = n.grading_version
    ) AS promoted,
    (
        SELECT count(*) FROM gradings n
        INNER JOIN jobs j ON j.session_id = n.session_id AND j.grading_version = n.grading_version
        WHERE n.regrade_id = g.id AND j.kind = 'summary' AND j.state IN ('queued', 'running')
    ) AS texts_pending,
    count(a.question_index) AS answers,
    count(a.found) AS graded
FROM regrades g
INNER JOIN interviews i ON i.id = g.interview_id
LEFT JOIN users u ON u.id = g.begun_by
LEFT JOIN grading_recipes k ON k.sha256 = g.recipe_sha256
LEFT JOIN regraded_answers a ON a.regrade_id = g.id
WHERE g.id = $1 AND ($2::uuid IS NULL OR i.created_by = $2)
GROUP BY g.id, i.title, u.name, k.recipe;

-- name: agreement
-- How often which score was found again: answers of request $1 that both gradings have scored and no person has, by their
-- questions' type and by the bands 0…$2 that the scores fall into; distances are shares of the points.
SELECT
    d.type AS question_type, d.old_band, d.new_band,
    count(*) AS answers,
    count(*) FILTER (WHERE d.difference = 0) AS same,
    sum(abs(d.difference)) AS distance,
    sum(d.difference) AS difference
FROM (
    SELECT
        a.type,
        round($2::integer * a.old_score / a.points)::integer AS old_band,
        round($2 * a.new_score / a.points)::integer AS new_band,
        (a.new_score - a.old_score) / a.points AS difference
    FROM regraded_answers a
    WHERE a.regrade_id = $1 AND NOT a.is_persons AND a.old_score IS NOT NULL AND a.new_score IS NOT NULL
) d
GROUP BY d.type, d.old_band, d.new_band
ORDER BY d.type, d.old_band, d.new_band;

-- name: differences
-- A page of the sessions of request $1, those after $2 or $3 alone, at most $4: what counts and what would, by answer, in total
-- and in rank among all sessions of the interview that have a total. Others keep theirs; one that is not graded through has no new one.
WITH totals AS MATERIALIZED (
    SELECT
        a.session_id, a.grading_version,
        CASE WHEN count(*) = count(a.old_score) THEN sum(a.old_score) END AS old_score,
        CASE WHEN count(*) = count(a.new_score) THEN sum(a.new_score) END AS new_score,
        jsonb_agg(
            jsonb_build_object(
                'question_index', a.question_index,
                'question_type', a.type,
                'points', a.points,
                'old_score', a.old_score,
                'new_score', a.new_score,
                'difference', a.new_score - a.old_score,
                'state', a.found,
                'is_persons', a.is_persons
            )
            ORDER BY a.question_index
        ) AS answers
    FROM regraded_answers a
    WHERE a.regrade_id = $1
    GROUP BY a.session_id, a.grading_version
),

standing AS (
    SELECT
        s.id,
        CASE WHEN t.session_id IS NULL THEN s.final_score ELSE t.old_score END / s.max_score AS old_share,
        coalesce(t.new_score, CASE WHEN t.session_id IS NULL THEN s.final_score ELSE t.old_score END) / s.max_score AS new_share
    FROM interview_sessions s LEFT JOIN totals t ON t.session_id = s.id
    WHERE
        s.interview_id = (SELECT g.interview_id FROM regrades g WHERE g.id = $1)
        AND (t.session_id IS NOT NULL OR s.evaluated_at IS NOT NULL)
),

ranked AS (
    SELECT
        r.id,
        rank() OVER (ORDER BY r.old_share DESC NULLS LAST) AS old_rank,
        rank() OVER (ORDER BY r.new_share DESC NULLS LAST) AS new_rank
    FROM standing r
)

SELECT
    t.session_id, s.candidate_name, s.attempt, t.grading_version, s.grading_version = t.grading_version AS counts, s.max_score,
    t.old_score, t.new_score, t.new_score - t.old_score AS difference,
    CASE WHEN t.old_score IS NOT NULL THEN r.old_rank END AS old_rank,
    CASE WHEN t.new_score IS NOT NULL THEN r.new_rank END AS new_rank,
    CASE
        WHEN s.recommendation_signed_by IS NULL AND s.grading_version = t.grading_version THEN was.recommendation
        ELSE s.recommendation
    END AS old_recommendation,
    CASE WHEN s.recommendation_signed_by IS NULL THEN w.recommendation ELSE s.recommendation END AS new_recommendation,
    s.recommendation_signed_by IS NOT NULL AS is_signed,
    t.answers
FROM totals t
INNER JOIN ranked r ON r.id = t.session_id
INNER JOIN interview_sessions s ON s.id = t.session_id
INNER JOIN gradings g ON g.regrade_id = $1 AND g.session_id = t.session_id
LEFT JOIN summaries w ON w.session_id = t.session_id AND w.grading_version = t.grading_version
LEFT JOIN summaries was ON was.session_id = t.session_id AND was.grading_version = g.base_version
WHERE t.session_id > $2 AND ($3::uuid IS NULL OR t.session_id = $3)
ORDER BY t.session_id
LIMIT $4;

-- name: to_regrade
-- The sessions of an interview that can be graded again, or $2 alone, with the recruiter whose they are.
SELECT s.id, s.recruiter_id, s.interview_id
FROM interview_sessions s
WHERE
    (s.interview_id = $1 OR s.id = $2)
    AND s.status IN ('completed', 'terminated')
    AND EXISTS (SELECT FROM answers a WHERE a.session_id = s.id)
ORDER BY s.id;

-- name: to_promote
-- The sessions of request $1 whose grading does not count yet.
SELECT s.id, s.recruiter_id, g.grading_version
FROM gradings g INNER JOIN interview_sessions s ON s.id = g.session_id
WHERE g.regrade_id = $1 AND s.grading_version <> g.grading_version
ORDER BY s.id;
