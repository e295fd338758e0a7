"""The recruiter's calls for writing interviews."""

import asyncio

from aiohttp import hdrs, web

from realtime.contracts.authoring import (
    BankPage,
    BankQuery,
    CheckedText,
    CheckText,
    InterviewVersions,
    VersionQuery,
)
from realtime.contracts.interview_file import write_interview
from realtime.domain.errors import NotFound
from realtime.http.interviews import INTERVIEWS
from realtime.http.routing import LARGE_BODY, Access, Call, Routes
from realtime.usecases import authoring, interviews

routes = Routes("Authoring")

YAML = "application/yaml"


@routes.post(
    f"{INTERVIEWS}/check",
    access=Access.RECRUITER,
    body=CheckText,
    answers={200: CheckedText},
    limit=LARGE_BODY,
)
async def check(call: Call[CheckText, None]) -> CheckedText:
    """Read the text of an interview, or say everything that is wrong with it; nothing is stored."""
    return authoring.check(call.body)


@routes.get(
    f"{INTERVIEWS}/{{id}}/export.yaml",
    access=Access.RECRUITER,
    query=VersionQuery,
    answers={200: str},
    refusals=(NotFound,),
    media_type=YAML,
)
async def export_yaml(call: Call[None, VersionQuery]) -> web.Response:
    """An interview as a file that can be imported again."""
    async with call.services.pool.acquire() as conn:
        found = await interviews.read(
            conn, owner_id=call.user.user_id, interview_id=call.path["id"], version=call.query.version
        )
    # a large one takes most of a second to write, and nobody's tick waits for that
    text = await asyncio.to_thread(write_interview, found.interview)
    return web.Response(
        body=text.encode(),
        headers={
            hdrs.CONTENT_TYPE: f"{YAML}; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="interview-{found.id}-{found.version}.yaml"',
            hdrs.CACHE_CONTROL: "no-store",
        },
    )


@routes.get(
    f"{INTERVIEWS}/{{id}}/versions",
    access=Access.RECRUITER,
    answers={200: InterviewVersions},
    refusals=(NotFound,),
)
async def versions(call: Call[None, None]) -> InterviewVersions:
    """All versions of an interview, newest first."""
    async with call.services.pool.acquire() as conn:
        return await authoring.versions(conn, owner_id=call.user.user_id, interview_id=call.path["id"])


@routes.get("/api/recruiter/questions", access=Access.RECRUITER, query=BankQuery, answers={200: BankPage})
async def bank(call: Call[None, BankQuery]) -> BankPage:
    """This recruiter's own questions, to be used again."""
    async with call.services.pool.acquire() as conn:
        return await authoring.bank(conn, owner_id=call.user.user_id, query=call.query)
