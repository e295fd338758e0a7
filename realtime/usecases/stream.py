"""What other services hear of a session's life."""

from db.changes import StreamEvent
from realtime.contracts.streams import SessionEndedData, SessionStartedData
from realtime.usecases.standing import Standing

FIRST = 1  # a start and an end never change, so their data has one version


def session_started(at: Standing) -> StreamEvent:
    """A session began."""
    data = SessionStartedData(
        session_id=at.row.id,
        interview_id=at.row.interview_id,
        attempt=at.row.attempt,
        started_at=at.row.started_at,
        version=FIRST,
    )
    return StreamEvent(at.row.id, "interlock.session.started", data.model_dump(mode="json"), at.now)


def session_ended(after: Standing) -> StreamEvent:
    """A session is over."""
    data = SessionEndedData(
        session_id=after.row.id,
        interview_id=after.row.interview_id,
        status=after.progress.status.value,
        ended_at=after.now,
        version=FIRST,
    )
    return StreamEvent(after.row.id, "interlock.session.ended", data.model_dump(mode="json"), after.now)
