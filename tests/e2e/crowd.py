"""A thousand people in interviews, written straight into the database: what a board has to bear without as many browsers."""

from dataclasses import dataclass
from uuid import UUID

from db.pool import Connection

FIRST = (
    "Ada Alan Barbara Claude Dennis Donald Edsger Frances Grace Hedy Ida Joan Karen Leslie Margaret Niklaus"
)
LAST = "Adams Baker Cohen Dahl Evans Fischer Garcia Hoare Ito Jensen Kumar Lamport Moreau Novak Okafor Perlis"


@dataclass(frozen=True, slots=True)
class Crowd:
    """The sessions of a crowd, of one recruiter's interview."""

    recruiter_id: UUID
    interview_id: UUID
    running: list[UUID]
    ended: list[UUID]


async def gather(conn: Connection, interview_id: UUID, *, running: int, ended: int = 0) -> Crowd:
    """Have this many people in the interview and this many through with it; every tenth of them is away."""
    recruiter_id = await conn.fetchval("SELECT created_by FROM interviews WHERE id = $1", interview_id)
    sessions = await conn.fetch(
        """
        WITH made AS (
            SELECT
                n, n <= $2 AS runs, gen_random_uuid() AS user_id, gen_random_uuid() AS session_id,
                (string_to_array($4, ' '))[1 + n % 16] || ' ' || (string_to_array($5, ' '))[1 + n / 16 % 16]
                || CASE WHEN n >= 256 THEN ' ' || n / 256 + 1 ELSE '' END AS name
            FROM generate_series(1, $2::integer + $3::integer) AS n
        ),

        people AS (
            INSERT INTO users (id, email, name, role)
            SELECT user_id, session_id || '@crowd.test', name, 'candidate' FROM made
        ),

        facts AS (
            SELECT i.*, count(q.id) AS questions, sum(q.points) AS points
            FROM interviews i INNER JOIN questions q ON q.interview_id = i.id AND q.version = i.version
            WHERE i.id = $1
            GROUP BY i.id
        )

        INSERT INTO interview_sessions (
            id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt,
            pacing, extra_time_percent, question_count, max_score, status, started_at, completed_at,
            current_question_index, question_started_at, question_deadline, last_activity_at, flags, holder_node, holder_sid,
            locked_until
        )
        SELECT
            m.session_id, m.user_id, f.id, f.version, f.created_by, m.name, f.title, 1,
            f.pacing, 0, f.questions, f.points,
            CASE WHEN m.runs THEN 'in_progress' WHEN m.n % 13 = 0 THEN 'terminated' ELSE 'completed' END,
            clock_timestamp() - make_interval(mins => 30, secs => m.n),
            CASE WHEN NOT m.runs THEN clock_timestamp() - make_interval(secs => m.n) END,
            CASE WHEN m.runs OR m.n % 13 = 0 THEN m.n % f.questions ELSE f.questions END,
            CASE WHEN m.runs THEN clock_timestamp() - make_interval(secs => m.n % 50) END,
            CASE WHEN m.runs THEN clock_timestamp() + make_interval(mins => 60, secs => m.n * 7 % 900) END,
            clock_timestamp() - make_interval(secs => m.n * 3 % 500),
            CASE WHEN m.n % 23 = 0 THEN ARRAY['paste'] ELSE '{}' END,
            holder.id, CASE WHEN holder.id IS NOT NULL THEN 'crowd-' || m.n END, 'infinity'
        FROM made m
        CROSS JOIN facts f
        LEFT JOIN LATERAL (SELECT id FROM nodes ORDER BY lease_until DESC LIMIT 1) AS holder ON m.runs AND m.n % 10 > 0
        RETURNING id, status = 'in_progress' AS runs
        """,
        interview_id,
        running,
        ended,
        FIRST,
        LAST,
    )
    crowd = Crowd(
        recruiter_id,
        interview_id,
        running=[row["id"] for row in sessions if row["runs"]],
        ended=[row["id"] for row in sessions if not row["runs"]],
    )
    await _answers(conn, crowd)
    return crowd


async def _answers(conn: Connection, crowd: Crowd) -> None:
    """Answers to everything before the question that is open, and totals of all but every fifth that has ended."""
    await conn.execute(
        """
        INSERT INTO answers (
            id, session_id, question_id, question_index, answer_text, how, sha256, submitted_at, time_taken,
            evaluation_state, evaluated_at, score, feedback, graded_by
        )
        SELECT
            gen_random_uuid(), s.id, q.id, q.position, 'An answer', CASE WHEN luck < 0.1 THEN 'expired' ELSE 'submitted' END,
            encode(sha256((s.id || q.id::text)::bytea), 'hex'), clock_timestamp() - make_interval(secs => 40 * (9 - q.position)),
            round((q.time_limit * (0.2 + 0.7 * luck))::numeric, 3),
            CASE WHEN waits THEN 'needs_review' ELSE 'scored' END,
            clock_timestamp(), CASE WHEN NOT waits THEN round((q.points * luck)::numeric, 2) END,
            '{"feedback": "Correct!"}', CASE WHEN NOT waits THEN 'rule' END
        FROM interview_sessions s
        INNER JOIN questions q ON q.interview_id = s.interview_id AND q.version = s.interview_version
        CROSS JOIN LATERAL (SELECT abs(hashtext(s.id || q.id::text)) % 1000 / 1000.0 AS luck) AS given
        CROSS JOIN LATERAL (SELECT q.position = 1 AND abs(hashtext(s.id::text)) % 5 = 0 AS waits) AS review
        WHERE s.id = ANY ($1) AND q.position < s.current_question_index
        """,
        crowd.running + crowd.ended,
    )
    await conn.execute(
        """
        UPDATE interview_sessions s
        SET evaluated_at = clock_timestamp(), final_score = t.points, percentage = 100 * t.points / s.max_score,
            recommendation = CASE WHEN t.points > 0.6 * s.max_score THEN 'hire' ELSE 'maybe' END
        FROM (
            SELECT session_id, sum(score) AS points FROM answers
            WHERE session_id = ANY ($1)
            GROUP BY session_id
            HAVING bool_and(evaluation_state = 'scored')
        ) AS t
        WHERE s.id = t.session_id
        """,
        crowd.ended,
    )


async def stir(conn: Connection, sessions: list[UUID], *, times: int = 1) -> None:
    """Have something happen in each of these sessions, as their recruiter hears it; the relay numbers and tells it."""
    await conn.execute(
        """
        INSERT INTO feed_events (recruiter_id, session_id, kind, payload)
        SELECT
            s.recruiter_id, s.id, k.kind,
            jsonb_build_object('session_id', s.id, 'interview_id', s.interview_id, 'candidate_name', s.candidate_name)
            || k.payload
        FROM interview_sessions s
        CROSS JOIN generate_series(1, $2::integer) AS n
        CROSS JOIN LATERAL (
            SELECT
                (ARRAY['answer_submitted', 'session_disconnected', 'session_connected', 'question_advanced'])[1 + n % 4] AS kind,
                (ARRAY[
                    '{"question_index": 0, "time_taken_seconds": 12.5, "how": "submitted", "late": false}',
                    '{"attempt": 1}', '{"attempt": 1}',
                    jsonb_build_object(
                        'question_index', s.current_question_index, 'question_deadline', s.question_deadline
                    )
                ])[1 + n % 4] AS payload
        ) AS k
        WHERE s.id = ANY ($1)
        """,
        sessions,
        times,
    )
