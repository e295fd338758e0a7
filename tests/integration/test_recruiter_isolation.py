"""Nobody sees what is not theirs: every recruiter's call, by every other kind of caller."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from realtime.app import ROUTES
from realtime.http.routing import Access, Route
from tests.integration.node import MCQ, SHORT, Node, Person
from tests.integration.recruiting import Desk

INTERVIEW = {"title": "Canary interview", "questions": [MCQ]}
REASON = {"reason": "Because"}

# What a good call sends; a new route has to be named here before its test can pass.
BODIES: dict[str, dict[str, Any] | None] = {
    "GET": None,
    "DELETE": None,
    "POST /api/recruiter/interviews": INTERVIEW,
    "PUT /api/recruiter/interviews/{id}": {"version": 1, "interview": INTERVIEW},
    "POST /api/recruiter/interviews/{id}/invitations": {"email": "new@people.test", "name": "New"},
    "POST /api/recruiter/interviews/check": {"text": "title: Canary title"},
    "csv": {"csv": "email,name\nnew@people.test,New"},
    "PATCH": {"max_attempts": 2},
    "link": None,
    "extend": {"seconds": 30} | REASON,
    "pause": REASON,
    "resume": None,
    "terminate": REASON,
    "message": {"text": "Hello"},
    "release": None,
    "sign": {"recommendation": "hire"},
    "score": {"score": 5} | REASON,
    "regrade": None,
    "promote": {"grading_version": 1},
    "POST /api/recruiter/webhooks": {"url": "https://hooks.people.test/interlock"},
    "rotate": None,
    "retry": {},
}
QUERIES = {"/api/recruiter/feed": {"after_epoch": "some", "after_offset": "0"}}

RECRUITERS = [route for routes in ROUTES for route in routes if route.access is Access.RECRUITER]


@dataclass(frozen=True, slots=True)
class World:
    """Somebody's interview, invitation, session and answer."""

    desk: Desk
    session_id: str
    answer_id: str
    invitation_id: str
    webhook_id: str
    regrade_id: str

    def ids(self, path: str) -> dict[str, str]:
        """The ids that a route's path names."""
        about_invitation = path.partition("/invitations/")[2].startswith("{id}")
        return {
            "interview_id": str(self.desk.interview_id),
            "id": self.invitation_id if about_invitation else str(self.desk.interview_id),
            "session_id": self.session_id,
            "answer_id": self.answer_id,
            "webhook_id": self.webhook_id,
            "regrade_id": self.regrade_id,
        }

    async def stored(self) -> list[str]:
        """Everything in it that a call could change; of what the relay moves on by itself, only that it is there."""
        whole = (
            "interviews",
            "interview_versions",
            "questions",
            "invitations",
            "interview_sessions",
            "answers",
            "audit",
            "score_overrides",
            "regrades",
            "gradings",
            "summaries",
            "webhook_dead_letters",
        )
        wanted = [(table, "t::text") for table in whole] + [
            ("jobs", "id"),
            ("feed_events", "id"),
            ("stream_events", "id"),
            ("webhooks", "id::text || url || secret::text"),
        ]
        rows = [
            await self.desk.node.pool.fetch(f"SELECT {what} FROM {table} t ORDER BY 1")
            for table, what in wanted
        ]
        return [str(row) for table in rows for row in table]


@pytest.fixture
async def world(node: Node, recruiter: Person, candidate: Person) -> World:
    """A session that has ended, so that every call about it has something to find."""
    interview_id = await node.interview(recruiter, MCQ, SHORT, title="Canary title")
    invitation_id = await node.invite(recruiter, interview_id, candidate)
    desk = Desk(node, recruiter, candidate, interview_id)
    session_id = await desk.finish("404", "writes")
    answers = (await desk.detail(session_id))["answers"]
    for answer in answers:
        await desk.score(answer["id"], 5)
    webhook = await node.call(
        "POST", "/api/recruiter/webhooks", recruiter, json={"url": "https://hooks.people.test/canary"}
    )
    await desk.act(session_id, "regrade")
    regrade_id = (await desk.detail(session_id))["gradings"][1]["regrade_id"]
    return World(
        desk,
        session_id,
        answers[0]["id"],
        invitation_id=str(invitation_id),
        webhook_id=webhook.body["id"],
        regrade_id=regrade_id,
    )


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer to the byte."""

    status: int
    body: bytes
    headers: dict[str, str]


async def send(world: World, route: Route, ids: dict[str, str], who: Person | None) -> Raw:
    keys = (f"{route.method} {route.path}", route.path.rpartition("/")[2], route.method)
    key = next(key for key in keys if key in BODIES)
    node = world.desk.node
    async with node.session.request(
        route.method,
        node.url + route.path.format(**ids),
        json=BODIES[key],
        params=QUERIES.get(route.path),
        headers={} if who is None else who.headers,
    ) as response:
        headers = {
            name: value for name, value in response.headers.items() if name not in {"Date", "X-Request-Id"}
        }
        return Raw(response.status, await response.read(), headers)


@pytest.mark.parametrize("route", RECRUITERS, ids=lambda route: f"{route.method} {route.path}")
async def test_a_call_tells_others_nothing(world: World, route: Route) -> None:
    node = world.desk.node
    theirs, nobodys = world.ids(route.path), {name: str(uuid4()) for name in world.ids(route.path)}
    stranger = await node.person("recruiter", name="Ron Recruiter")
    before = await world.stored()

    for who, status, code in ((None, 401, b"unauthenticated"), (world.desk.candidate, 403, b"wrong_role")):
        refused = await send(world, route, theirs, who)
        assert (refused.status, code in refused.body) == (status, True)
        assert refused == await send(world, route, nobodys, who)

    answered = await send(world, route, theirs, stranger)
    if "{" in route.path:
        assert answered.status == 404
        assert answered == await send(world, route, nobodys, stranger)
        assert answered == await send(world, route, dict.fromkeys(theirs, "no-id"), stranger)
    else:
        for secret in (*theirs.values(), "Canary title", "Ada Lovelace"):
            assert secret.encode() not in answered.body
    if route.method == "GET" or "{" in route.path:
        assert await world.stored() == before

    own = await send(world, route, theirs, world.desk.recruiter)
    # 409 is about this very session, 410 about this very feed: they were found
    assert own.status in {200, 201, 202, 204, 409, 410}, own.body


async def test_an_owner_cannot_reach_an_invitation_through_another_interview(world: World) -> None:
    elsewhere = await world.desk.node.interview(world.desk.recruiter)
    path = f"/api/recruiter/interviews/{elsewhere}/invitations/{world.invitation_id}"
    reply = await world.desk.node.call("DELETE", path, world.desk.recruiter)
    assert reply.status == 404


async def test_filters_cannot_look_over_the_fence(world: World) -> None:
    stranger = Desk(world.desk.node, await world.desk.node.person("recruiter"), world.desk.candidate, uuid4())
    for query in ({"interview_id": world.desk.interview_id}, {"q": "Ada"}, {"status": "completed"}):
        for sort in ("-activity", "started_at", "-percentage", "candidate_name"):
            page = await stranger.page(sort=sort, **query)
            assert (page["sessions"], page["next_cursor"]) == ([], None)
    export = await stranger.get("/api/recruiter/export.csv", interview_id=world.desk.interview_id)
    nobodys = await stranger.get("/api/recruiter/export.csv", interview_id=uuid4())
    assert export.body == nobodys.body
    assert len(export.body.splitlines()) == 1
