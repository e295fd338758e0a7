"""The same flow as a good Node engineer writes it: Hono, pg, BullMQ and socket.io, as a server and a worker process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from db.pool import connect
from realtime.auth import issue_token
from realtime.contracts.people import Role
from realtime.settings import Settings, read_settings
from tests.bench import peers
from tests.bench.child import Child
from tests.bench.place import SECRET, Place
from tests.bench.seats import TOKEN_LENGTH, Hall, Seat

ANSWERS = peers.FOLDER / "answers"
SCHEMA = (ANSWERS / "schema.sql").read_text("utf-8")
SEED = (ANSWERS / "seed.sql").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class NodePeer:
    """The peer's two processes."""

    server: Child
    worker: Child


@asynccontextmanager
async def node_peer(place: Place, database_url: str, *, name: str, **tunings: str) -> AsyncIterator[NodePeer]:
    """Run a peer on a database that `furnish_peer` made; `tunings` are those of its settings.js."""
    told = {
        "NODE_ENV": "production",
        "PEER_DATABASE_URL": database_url,
        "PEER_REDIS_URL": place.redis_url,
        "PEER_JWT_SECRET": SECRET,
        "PEER_NAME": name,
        **tunings,
    }
    server = await place.peer([place.node_program, str(ANSWERS / "server.js")], **told)
    worker = place.start("worker", [place.node_program, str(ANSWERS / "worker.js")], told)
    try:
        yield NodePeer(server, worker)
    finally:
        place.end(server, worker)


async def furnish_peer(database_url: str, number: int, *, questions: int) -> Hall:
    """Make the peer's schema, a recruiter, an interview, and `number` candidates at its first question."""
    settings = read_settings(env_file=None, jwt_secret=SECRET)
    conn = await connect(database_url)
    try:
        await conn.execute(SCHEMA)
        rows = await conn.fetch(SEED, questions, number)
        await conn.execute("ANALYZE")
    finally:
        await conn.close()
    recruiter_id = rows[0]["recruiter_id"]
    return Hall(
        recruiter_id,
        _token(settings, recruiter_id, "recruiter"),
        rows[0]["interview_id"],
        tuple(Seat(row["id"], row["user_id"], _token(settings, row["user_id"], "candidate")) for row in rows),
    )


def _token(settings: Settings, user_id: UUID, role: Role) -> str:
    now = datetime.now(UTC)
    return issue_token(settings=settings, user_id=user_id, role=role, now=now, expires_at=now + TOKEN_LENGTH)
