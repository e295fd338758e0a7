-- name: session
-- What the detail of a session says beside its summary; nothing where it is not recruiter $2's.
SELECT
    u.email AS candidate_email, s.pacing, s.extra_time_percent, s.started_at, s.completed_at AS ended_at, s.evaluated_at,
    s.released_at, s.ai_summary, coalesce(s.strengths, '[]') AS strengths, coalesce(s.improvements, '[]') AS improvements,
    signer.name AS recommendation_signed_by, s.recommendation_signed_at
FROM interview_sessions s
INNER JOIN users u ON u.id = s.user_id
LEFT JOIN users signer ON signer.id = s.recommendation_signed_by
WHERE s.id = $1 AND s.recruiter_id = $2;

-- name: answers
-- A session's answers with the results that count and the provenance of the grading that does, and their questions whole;
-- only answer $2 where it is given.
SELECT
    a.id, a.question_id, a.question_index, a.answer_text, a.how, a.late, a.sha256, a.submitted_at, a.time_taken,
    a.score, a.feedback, a.evaluation_state, a.graded_by, a.evaluated_at, r.provenance,
    q.type, q.question_text, q.time_limit, q.points, q.difficulty, q.options, q.correct_answer, q.expected_keywords,
    q.sample_answer, q.language, q.starter_code, q.sample_solution, q.evaluation_criteria
FROM answers a
INNER JOIN interview_sessions s ON s.id = a.session_id
INNER JOIN questions q ON q.id = a.question_id
LEFT JOIN results r ON r.answer_id = a.id AND r.grading_version = s.grading_version
WHERE a.session_id = $1 AND ($2::uuid IS NULL OR a.id = $2)
ORDER BY a.question_index;

-- name: results
-- What every grading found about a session's answers.
SELECT r.answer_id, r.grading_version, r.state, r.score, r.feedback, r.graded_by, r.provenance, r.created_at
FROM results r INNER JOIN answers a ON a.id = r.answer_id
WHERE a.session_id = $1
ORDER BY r.answer_id, r.grading_version;

-- name: overrides
-- Scores that people gave to a session's answers, oldest first.
SELECT o.answer_id, o.score, o.reason, u.name AS scored_by, o.scored_at
FROM score_overrides o
INNER JOIN answers a ON a.id = o.answer_id
INNER JOIN users u ON u.id = o.scored_by
WHERE a.session_id = $1
ORDER BY o.answer_id, o.scored_at, o.id;

-- name: draft_history
-- Drafts on the way to a session's answers, in order.
SELECT question_index, revision, answer, saved_at
FROM draft_history
WHERE session_id = $1
ORDER BY question_index, revision;

-- name: timeline
-- What happened, each fact once, the newest $2 of it in order. What a person or the candidate did comes from tables that
-- are kept; of the feed, which is pruned in time, only what stands nowhere else.
WITH happened AS (
    SELECT a.at, 1 AS place, a.id AS number, a.action AS kind, u.name AS actor, a.reason, a.detail
    FROM audit a LEFT JOIN users u ON u.id = a.actor_id
    WHERE a.session_id = $1
    UNION ALL
    SELECT
        a.submitted_at, 0, a.question_index, 'answer_submitted', NULL, NULL,
        jsonb_build_object(
            'question_index', a.question_index,
            'how', a.how,
            'late', a.late,
            'time_taken_seconds', a.time_taken
        )
    FROM answers a WHERE a.session_id = $1
    UNION ALL
    SELECT
        g.server_time, 2, 0, 'signal', NULL, NULL,
        jsonb_build_object('signal', g.kind, 'question_index', g.question_index, 'detail', g.detail)
    FROM signals g WHERE g.session_id = $1
    UNION ALL
    SELECT e.created_at, 3, e.id, e.kind, NULL, NULL, e.payload
    FROM feed_events e
    WHERE e.session_id = $1
        AND e.kind IN (
            'question_advanced', 'answer_evaluated', 'session_disconnected', 'session_ended', 'interview_completed',
            'evaluation_failed'
        )
),

newest AS (
    SELECT * FROM happened ORDER BY at DESC, place DESC, number DESC LIMIT $2
)

SELECT at, kind, actor, reason, detail FROM newest ORDER BY at, place, number;

-- name: audit
-- Who did what to a session and why: the newest $2 entries, in order.
WITH newest AS (
    SELECT * FROM audit WHERE session_id = $1 ORDER BY id DESC LIMIT $2
)

SELECT a.at, a.action, u.name AS actor, a.reason, a.detail, a.revision
FROM newest a LEFT JOIN users u ON u.id = a.actor_id
ORDER BY a.id;

-- name: gradings
-- The gradings of a session, and how far each has come.
SELECT
    j.grading_version,
    count(*) AS answers,
    count(r.answer_id) AS graded,
    j.grading_version = s.grading_version AS counts,
    g.regrade_id
FROM jobs j
INNER JOIN interview_sessions s ON s.id = j.session_id
LEFT JOIN gradings g ON g.session_id = j.session_id AND g.grading_version = j.grading_version
LEFT JOIN results r ON r.answer_id = j.answer_id AND r.grading_version = j.grading_version
WHERE j.session_id = $1 AND j.kind = 'answer'
GROUP BY j.grading_version, s.grading_version, g.regrade_id
ORDER BY j.grading_version;

-- name: summaries
-- The texts about a session, one a grading that has one.
SELECT
    w.grading_version, w.summary, w.strengths, w.improvements, w.recommendation, w.attempt, w.provenance, w.created_at,
    w.grading_version = s.grading_version AS counts
FROM summaries w INNER JOIN interview_sessions s ON s.id = w.session_id
WHERE w.session_id = $1
ORDER BY w.grading_version;
