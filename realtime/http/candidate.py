"""The candidate's calls."""

from realtime.contracts.candidate import (
    ActiveReply,
    AvailableInterview,
    DraftSaved,
    HistoryEntry,
    SaveDraft,
    StartedSession,
    StartOver,
    SubmitAnswerBody,
    Submitted,
    SubmittedLast,
)
from realtime.domain.errors import (
    AlreadyInProgress,
    InvalidQuestionIndex,
    InvalidSubmissionTime,
    NoAttemptsLeft,
    NotFound,
    SessionEnded,
    SessionHeld,
    SessionPaused,
    TimeLimitExceeded,
)
from realtime.http.routing import Access, Call, Routes
from realtime.usecases import draft, resume, start, submit

routes = Routes("Candidate")

WRITE_REFUSALS = (
    NotFound,
    SessionHeld,
    SessionEnded,
    SessionPaused,
    TimeLimitExceeded,
    InvalidQuestionIndex,
    InvalidSubmissionTime,
)


@routes.get("/api/interviews/available", access=Access.CANDIDATE, answers={200: list[AvailableInterview]})
async def available(call: Call[None, None]) -> list[AvailableInterview]:
    """Interviews that this candidate is invited to."""
    return await resume.available(call.services, who=call.user)


@routes.get("/api/interviews/active", access=Access.CANDIDATE, answers={200: ActiveReply})
async def active(call: Call[None, None]) -> ActiveReply:
    """The session in progress, with answers and draft."""
    return await resume.active(call.services, who=call.user)


@routes.get("/api/interviews/history", access=Access.CANDIDATE, answers={200: list[HistoryEntry]})
async def history(call: Call[None, None]) -> list[HistoryEntry]:
    """Ended sessions with their receipts; results once released."""
    return await resume.history(call.services, who=call.user)


@routes.post(
    "/api/interviews/{interview_id}/start",
    access=Access.CANDIDATE,
    answers={201: StartedSession},
    refusals=(NotFound, AlreadyInProgress, NoAttemptsLeft),
)
async def begin(call: Call[None, None]) -> StartedSession:
    """Start an interview."""
    return await start.start(call.services, who=call.user, interview_id=call.path["interview_id"])


@routes.post(
    "/api/interviews/{session_id}/answers",
    access=Access.CANDIDATE,
    body=SubmitAnswerBody,
    answers={200: Submitted | SubmittedLast},
    refusals=WRITE_REFUSALS,
)
async def answer(call: Call[SubmitAnswerBody, None]) -> Submitted | SubmittedLast:
    """Submit an answer; a repeat gets the first one's receipt."""
    return await submit.submit(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.put(
    "/api/interviews/{session_id}/draft",
    access=Access.CANDIDATE,
    body=SaveDraft,
    answers={200: DraftSaved},
    refusals=WRITE_REFUSALS,
)
async def save_draft(call: Call[SaveDraft, None]) -> DraftSaved:
    """Save a draft."""
    return await draft.save_draft(
        call.services, who=call.user, session_id=call.path["session_id"], request=call.body
    )


@routes.post(
    "/api/interviews/{session_id}/start-over",
    access=Access.CANDIDATE,
    body=StartOver,
    answers={201: StartedSession},
    refusals=(NotFound, SessionHeld, SessionEnded, NoAttemptsLeft),
)
async def start_over(call: Call[StartOver, None]) -> StartedSession:
    """End this attempt and start the next."""
    return await start.start_over(
        call.services, who=call.user, session_id=call.path["session_id"], lock_token=call.body.lock_token
    )
