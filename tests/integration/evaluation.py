"""A world for the tests of evaluation: sessions as writers leave them, running consumers, and ears on the streams."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import orjson
from faststream import FastStream
from redis.asyncio import Redis

from consumers.app import build
from db.pool import Connection, Pool
from realtime.contracts.streams import BODY_FIELD, HINTS, RESULTS
from realtime.hints import WORK
from realtime.settings import Settings, read_settings
from tests.ai_server import AiServer

Json: TypeAlias = dict[str, Any]

MCQ: Json = {"type": "mcq", "points": 5, "options": ["B-tree", "Hash"], "correct_answer": "B-tree"}
SHORT: Json = {"type": "short_answer", "points": 10, "expected_keywords": ["index", "scan"]}
OPEN: Json = {"type": "short_answer", "points": 10}
CODE: Json = {
    "type": "code",
    "points": 20,
    "language": "python",
    "starter_code": "def f():\n    pass\n",
    "sample_solution": "CANARY-SOLUTION",
    "evaluation_criteria": ["Correct", "Fast"],
}

CANDIDATE = "Ada Lovelace"
ALREADY_OVER = -1.0  # seconds: the lease of somebody who has died long ago
WAIT_SECONDS = 60  # a bound for what hangs: a process may take long to start on a busy machine


@dataclass(frozen=True, slots=True)
class Answered:
    """A session with its answers and their jobs, in the order of the questions."""

    session_id: UUID
    recruiter_id: UUID
    answers: tuple[UUID, ...]
    jobs: tuple[UUID, ...]


@dataclass(slots=True)
class World:
    """Rows as the candidate's side writes them."""

    pool: Pool
    redis: Redis
    database_url: str
    redis_url: str

    def ear(self, stream: str = RESULTS) -> "Ear":
        """Hear a stream from its beginning."""
        return Ear(self.redis, stream)

    def consuming(
        self, ai: AiServer | None = None, **changes: object
    ) -> AbstractAsyncContextManager[FastStream]:
        """Run consumers here, with that AI or without one."""
        return consuming(self.settings(ai, **changes))

    def settings(self, ai: AiServer | None = None, **changes: object) -> Settings:
        """Settings of a consumer."""
        key = {"OPENAI_API_KEY": "test-key", "OPENAI_BASE_URL": ai.url} if ai else {"OPENAI_API_KEY": None}
        return read_settings(
            env_file=None, database_url=self.database_url, redis_url=self.redis_url, **key, **changes
        )

    async def interview(self, *questions: Json) -> UUID:
        """Store an interview."""
        interview_id, owner = uuid4(), await self.user("recruiter")
        async with self.pool.acquire() as conn:
            await conn.execute(
                "INSERT INTO interviews (id, created_by, title, pacing) VALUES ($1, $2, 'Backend', 'self_paced')",
                interview_id,
                owner,
            )
            for position, question in enumerate(questions):
                row = {"question_text": f"Question {position}?", "time_limit": 60} | question
                columns = ["id", "interview_id", "version", "position", *row]
                places = ", ".join(f"${place + 1}" for place in range(len(columns)))
                await conn.execute(
                    f"INSERT INTO questions ({', '.join(columns)}) VALUES ({places})",
                    uuid4(),
                    interview_id,
                    1,
                    position,
                    *row.values(),
                )
        return interview_id

    async def user(self, role: str) -> UUID:
        """Store a user."""
        user_id = uuid4()
        async with self.pool.acquire() as conn:
            await conn.execute(
                "INSERT INTO users (id, email, name, role) VALUES ($1, $2, $3, $4)",
                user_id,
                f"{user_id}@example.test",
                CANDIDATE,
                role,
            )
        return user_id

    async def session(
        self, interview_id: UUID, answers: Sequence[str | None], *, status: str = "completed"
    ) -> Answered:
        """Store a session whose first questions were answered so."""
        user_id, session_id = await self.user("candidate"), uuid4()
        async with self.pool.acquire() as conn, conn.transaction():
            recruiter_id = await conn.fetchval(
                _START, session_id, user_id, interview_id, status, len(answers)
            )
            done = Answered(
                session_id,
                recruiter_id,
                answers=tuple(uuid4() for _ in answers),
                jobs=tuple(uuid4() for _ in answers),
            )
            for index, text in enumerate(answers):
                await conn.execute(_ANSWER, done.answers[index], session_id, index, text, done.jobs[index])
        await self.redis.publish(HINTS, WORK)
        return done

    async def answer(self, answer_id: UUID) -> Any:
        """The answer's row."""
        return await self.pool.fetchrow("SELECT * FROM answers WHERE id = $1", answer_id)

    async def answers(self, answered: Answered) -> list[Any]:
        """The session's answers."""
        return [await self.answer(answer_id) for answer_id in answered.answers]

    async def row(self, answered: Answered) -> Any:
        """The session's row."""
        return await self.pool.fetchrow("SELECT * FROM interview_sessions WHERE id = $1", answered.session_id)

    async def job(self, job_id: UUID) -> Any:
        """The job's row."""
        return await self.pool.fetchrow("SELECT * FROM jobs WHERE id = $1", job_id)

    async def results(self, answered: Answered) -> list[Any]:
        """The session's results."""
        return await self.pool.fetch(
            "SELECT * FROM results WHERE answer_id = ANY($1::uuid[]) ORDER BY created_at",
            list(answered.answers),
        )

    async def feed(self, answered: Answered) -> list[tuple[str, Json]]:
        """What the recruiter's room was told of the session, in order."""
        rows = await self.pool.fetch(
            "SELECT kind, payload FROM feed_events WHERE session_id = $1 ORDER BY id", answered.session_id
        )
        return [(row["kind"], row["payload"]) for row in rows]

    async def override(self, conn: Connection, answer_id: UUID, score: float) -> None:
        """Score an answer as a person."""
        await conn.execute(
            "INSERT INTO score_overrides (id, answer_id, score, reason, scored_by, scored_at) "
            "SELECT $1, $2, $3, 'I read it', s.recruiter_id, clock_timestamp() "
            "FROM answers a JOIN interview_sessions s ON s.id = a.session_id WHERE a.id = $2",
            uuid4(),
            answer_id,
            score,
        )
        await conn.execute(
            "UPDATE answers SET score = $2, evaluation_state = 'scored', graded_by = 'person', "
            "evaluated_at = clock_timestamp(), result_version = result_version + 1 WHERE id = $1",
            answer_id,
            score,
        )


class Ear:
    """Hears a stream from its beginning, one entry after the other."""

    def __init__(self, redis: Redis, stream: str) -> None:
        self._redis = redis
        self._stream = stream
        self._last = "0"
        self._heard: list[Json] = []

    async def next(self) -> Json:
        """The next entry's body, once it is there."""
        if not self._heard:
            answer: Any = await self._redis.xread({self._stream: self._last}, block=WAIT_SECONDS * 1000)
            assert answer, f"nothing (more) on {self._stream} within {WAIT_SECONDS} s"
            for entry_id, fields in answer[0][1]:
                self._last = entry_id
                self._heard.append(orjson.loads(fields[BODY_FIELD.encode()]))
        return self._heard.pop(0)

    async def until(self, wanted: Callable[[Json], bool]) -> list[Json]:
        """All entries up to the first that is wanted."""
        heard = [await self.next()]
        while not wanted(heard[-1]):
            heard.append(await self.next())
        return heard


def settled(answered: Answered) -> Callable[[Json], bool]:
    """The public event of the session's totals."""
    return lambda event: (
        event["type"] == "interlock.session.evaluated" and event["subject"] == str(answered.session_id)
    )


def evaluated(answer_id: UUID, state: str) -> Callable[[Json], bool]:
    """The public event of an answer's result in that state."""
    return lambda event: event["data"].get("answer_id") == str(answer_id) and event["data"]["state"] == state


@asynccontextmanager
async def opened_world(pool: Pool, *, database_url: str, redis_url: str) -> AsyncIterator[World]:
    """A world on the test's own database and Redis."""
    async with Redis.from_url(redis_url, socket_timeout=None) as redis:
        yield World(pool, redis, database_url=database_url, redis_url=redis_url)


@asynccontextmanager
async def consuming(settings: Settings) -> AsyncIterator[FastStream]:
    """Run the consumers' application in this process, as FastStream would but for the signals."""
    app = build(lambda: settings)
    async with app.lifespan_context():
        await app.start()
        try:
            yield app
        finally:
            await app.stop()


_START = """
INSERT INTO interview_sessions (
    id, user_id, interview_id, interview_version, recruiter_id, candidate_name, interview_title, attempt, pacing,
    extra_time_percent, question_count, max_score, status, started_at, completed_at, current_question_index,
    question_started_at, question_deadline, last_activity_at
)
SELECT
    $1, $2, i.id, 1, i.created_by, u.name, i.title, 1, i.pacing, 0, q.count, q.points, $4, clock_timestamp(),
    CASE WHEN $4 <> 'in_progress' THEN clock_timestamp() END, $5::integer,
    CASE WHEN $4 = 'in_progress' THEN clock_timestamp() END,
    CASE WHEN $4 = 'in_progress' THEN clock_timestamp() + interval '1 hour' END,
    clock_timestamp()
FROM interviews i
JOIN users u ON u.id = $2
JOIN LATERAL (SELECT count(*), sum(points) AS points FROM questions WHERE interview_id = i.id) q ON true
WHERE i.id = $3
RETURNING recruiter_id
"""

_ANSWER = """
WITH answer AS (
    INSERT INTO answers (
        id, session_id, question_id, question_index, answer_text, how, sha256, submitted_at, time_taken
    )
    SELECT $1, s.id, q.id, $3, $4, 'submitted', '', clock_timestamp(), 1
    FROM interview_sessions s JOIN questions q ON q.interview_id = s.interview_id AND q.position = $3
    WHERE s.id = $2
    RETURNING id, session_id
)
INSERT INTO jobs (id, kind, session_id, answer_id, grading_version)
SELECT $5, 'answer', session_id, id, 1 FROM answer
"""
