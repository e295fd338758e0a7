"""The recruiter's calls about the sessions of their interviews."""

from aiohttp import hdrs, web

from realtime.contracts.recruiter import (
    Explained,
    ExportQuery,
    Extend,
    FeedQuery,
    FeedReplay,
    Promote,
    RecruiterAnswer,
    RegradeBegun,
    RegradeWith,
    Score,
    SendMessage,
    SessionDetail,
    SessionPage,
    SessionsQuery,
    SessionSummary,
    Sign,
)
from realtime.contracts.recruiter_regrades import Regrade, RegradeQuery
from realtime.contracts.statistics import InterviewStatistics
from realtime.domain.errors import (
    InvalidScore,
    NotFound,
    NotReady,
    ResyncRequired,
    SessionEnded,
    SessionPaused,
)
from realtime.http.routing import Access, Call, Routes
from realtime.usecases import (
    board,
    command,
    conclude,
    detail,
    export,
    feed,
    regrade,
    score,
    statistics,
    terminate,
)

routes = Routes("Recruiter")

SESSIONS = "/api/recruiter/sessions"
SESSION = f"{SESSIONS}/{{session_id}}"
CSV = "text/csv"


@routes.get(SESSIONS, access=Access.RECRUITER, query=SessionsQuery, answers={200: SessionPage})
async def list_sessions(call: Call[None, SessionsQuery]) -> SessionPage:
    """A page of this recruiter's sessions: summaries only."""
    return await board.sessions(call.services, who=call.user, query=call.query)


@routes.get(SESSION, access=Access.RECRUITER, answers={200: SessionDetail}, refusals=(NotFound,))
async def read_session(call: Call[None, None]) -> SessionDetail:
    """One session in full: answers with results and keys, timeline, audit."""
    return await detail.session(call.services, who=call.user, session_id=call.path["session_id"])


@routes.post(
    f"{SESSION}/extend",
    access=Access.RECRUITER,
    body=Extend,
    answers={200: SessionSummary},
    refusals=(NotFound, SessionEnded),
)
async def extend(call: Call[Extend, None]) -> SessionSummary:
    """Give the current question more time; in scheduled pacing later openings move with it."""
    return await command.extend(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.post(
    f"{SESSION}/pause",
    access=Access.RECRUITER,
    body=Explained,
    answers={200: SessionSummary},
    refusals=(NotFound, SessionEnded, SessionPaused),
)
async def pause(call: Call[Explained, None]) -> SessionSummary:
    """Stop the clock."""
    return await command.pause(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.post(
    f"{SESSION}/resume",
    access=Access.RECRUITER,
    answers={200: SessionSummary},
    refusals=(NotFound, SessionEnded),
)
async def resume(call: Call[None, None]) -> SessionSummary:
    """Let the clock run on; one that runs is left alone."""
    return await command.resume(call.services, who=call.user, session_id=call.path["session_id"])


@routes.post(
    f"{SESSION}/terminate",
    access=Access.RECRUITER,
    body=Explained,
    answers={200: SessionSummary},
    refusals=(NotFound, SessionEnded),
)
async def end(call: Call[Explained, None]) -> SessionSummary:
    """End the session; the open question's last draft becomes its answer."""
    return await terminate.terminate(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.post(
    f"{SESSION}/message",
    access=Access.RECRUITER,
    body=SendMessage,
    answers={200: SessionSummary},
    refusals=(NotFound, SessionEnded),
)
async def message(call: Call[SendMessage, None]) -> SessionSummary:
    """Say something to the candidate."""
    return await command.message(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.post(
    f"{SESSION}/release",
    access=Access.RECRUITER,
    answers={200: SessionSummary},
    refusals=(NotFound, NotReady),
)
async def release(call: Call[None, None]) -> SessionSummary:
    """Let the candidate see the result of a settled session."""
    return await conclude.release(call.services, who=call.user, session_id=call.path["session_id"])


@routes.post(
    f"{SESSION}/sign",
    access=Access.RECRUITER,
    body=Sign,
    answers={200: SessionSummary},
    refusals=(NotFound, NotReady),
)
async def sign(call: Call[Sign, None]) -> SessionSummary:
    """Set a person's recommendation; the AI's is advice until then."""
    return await conclude.sign(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.post(
    "/api/recruiter/answers/{answer_id}/score",
    access=Access.RECRUITER,
    body=Score,
    answers={200: RecruiterAnswer},
    refusals=(NotFound, InvalidScore),
)
async def score_answer(call: Call[Score, None]) -> RecruiterAnswer:
    """Score an answer as a person; it counts over every grader."""
    return await score.score(
        call.services, who=call.user, answer_id=call.path["answer_id"], request=call.body
    )


@routes.post(
    f"{SESSION}/regrade",
    access=Access.RECRUITER,
    body=RegradeWith,
    answers={202: RegradeBegun},
    refusals=(NotFound, NotReady),
)
async def begin_regrade(call: Call[RegradeWith, None]) -> RegradeBegun:
    """Grade again in the shadow, with other models or prompts if they are named; it counts once promoted."""
    return await regrade.regrade(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.get(
    "/api/recruiter/regrades/{regrade_id}",
    access=Access.RECRUITER,
    query=RegradeQuery,
    answers={200: Regrade},
    refusals=(NotFound,),
)
async def read_regrade(call: Call[None, RegradeQuery]) -> Regrade:
    """What grading again would change: by answer, in totals and ranks, and how far the two gradings agree."""
    return await regrade.read(
        call.services, who=call.user, regrade_id=call.path["regrade_id"], query=call.query
    )


@routes.post(
    f"{SESSION}/promote",
    access=Access.RECRUITER,
    body=Promote,
    answers={200: SessionSummary},
    refusals=(NotFound, NotReady),
)
async def promote(call: Call[Promote, None]) -> SessionSummary:
    """Let a complete grading count; scores by people stay."""
    return await regrade.promote(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.get(
    "/api/recruiter/interviews/{id}/statistics",
    access=Access.RECRUITER,
    answers={200: InterviewStatistics},
    refusals=(NotFound,),
)
async def read_statistics(call: Call[None, None]) -> InterviewStatistics:
    """How far people came in an interview, what they scored, and how each question went."""
    return await statistics.of_interview(call.services, who=call.user, interview_id=call.path["id"])


@routes.get(
    "/api/recruiter/export.csv",
    access=Access.RECRUITER,
    query=ExportQuery,
    answers={200: str},
    media_type=CSV,
)
async def export_csv(call: Call[None, ExportQuery]) -> web.Response:
    """All sessions, or those of one interview, for a spreadsheet."""
    return web.Response(
        body=export.csv_of_sessions(call.services, who=call.user, interview_id=call.query.interview_id),
        headers={
            hdrs.CONTENT_TYPE: f"{CSV}; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: 'attachment; filename="interlock-sessions.csv"',
            hdrs.CACHE_CONTROL: "no-store",
        },
    )


@routes.get(
    "/api/recruiter/feed",
    access=Access.RECRUITER,
    query=FeedQuery,
    answers={200: FeedReplay},
    refusals=(ResyncRequired,),
)
async def replay_feed(call: Call[None, FeedQuery]) -> FeedReplay:
    """Events after a position, or 410 where their history is gone."""
    return await feed.replay(call.services, who=call.user, query=call.query)
