"""Refusals: typed values with a stable code, that become problem+json or an ack in one place each."""

from typing import Any, ClassVar


class Refusal(Exception):
    """A request that is understood and not granted; `facts` are extra fields of the answer."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "Refused"

    def __init__(self, detail: str | None = None, **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.facts = facts


class MalformedJson(Refusal):
    """The body is no JSON."""

    code, status, title = "malformed_json", 400, "Malformed JSON"


class InvalidBody(Refusal):
    """The body is JSON of the wrong form; carries `errors: [{path, message}]`."""

    code, status, title = "invalid_body", 422, "Invalid body"


class TooLarge(Refusal):
    """The body is over its limit."""

    code, status, title = "too_large", 413, "Too large"


class Unauthenticated(Refusal):
    """No token, or none that is good."""

    code, status, title = "unauthenticated", 401, "Sign in first"


class WrongRole(Refusal):
    """A good token of the other role."""

    code, status, title = "wrong_role", 403, "Not for your role"


class ForeignOrigin(Refusal):
    """A browser on an origin that is not allowed."""

    code, status, title = "foreign_origin", 403, "Origin not allowed"


class NotFound(Refusal):
    """It does not exist, or belongs to someone else: the two cannot be told apart."""

    code, status, title = "not_found", 404, "Not found"


class TooManyRequests(Refusal):
    """Over the rate limit; carries `retry_after_seconds`."""

    code, status, title = "too_many_requests", 429, "Too many requests"


class Unavailable(Refusal):
    """A part we need does not answer at the moment; nothing was changed, try again."""

    code, status, title = "unavailable", 503, "Temporarily unavailable"


class InternalError(Refusal):
    """A fault of ours; it is in the log."""

    code, status, title = "internal_error", 500, "Something went wrong"


class UnknownEvent(Refusal):
    """An event that the namespace does not have."""

    code, status, title = "unknown_event", 400, "Unknown event"


class AlreadyInProgress(Refusal):
    """The candidate has a session in progress; carries `session_id`."""

    code, status, title = "already_in_progress", 409, "Interview already in progress"


class NoAttemptsLeft(Refusal):
    """All attempts of the invitation are used."""

    code, status, title = "no_attempts_left", 409, "No attempts left"


class InvalidQuestionIndex(Refusal):
    """Not the current question."""

    code, status, title = "invalid_question_index", 400, "Invalid question index"


class InvalidSubmissionTime(Refusal):
    """Before the question opens."""

    code, status, title = "invalid_submission_time", 400, "Invalid submission time"


class TimeLimitExceeded(Refusal):
    """After deadline and grace, or closed by the server already."""

    code, status, title = "time_limit_exceeded", 400, "Time limit exceeded"


class SessionHeld(Refusal):
    """Another connection holds the session."""

    code, status, title = "locked_elsewhere", 409, "Interview already in progress in another tab/device"


class SessionPaused(Refusal):
    """The clock stands still."""

    code, status, title = "session_paused", 409, "Interview is paused"


class SessionEnded(Refusal):
    """The session is over."""

    code, status, title = "session_ended", 409, "Interview has ended"


class StaleVersion(Refusal):
    """The interview was replaced since it was read; carries `version`."""

    code, status, title = "stale_version", 409, "Interview was changed since you read it"


class AlreadyInvited(Refusal):
    """This email is invited already; carries `id`."""

    code, status, title = "already_invited", 409, "Already invited"


class NotACandidate(Refusal):
    """The email belongs to a recruiter."""

    code, status, title = "not_a_candidate", 422, "Not a candidate"


class LinkNotValid(Refusal):
    """A sign-in link that is unknown, used, revoked or expired."""

    code, status, title = "link_not_valid", 401, "This link is no longer valid"


class ResyncRequired(Refusal):
    """The feed's history from that position is gone."""

    code, status, title = "resync_required", 410, "Reload the list"


class InvalidScore(Refusal):
    """A score outside 0…points."""

    code, status, title = "invalid_score", 422, "Score out of range"


class NotReady(Refusal):
    """What was asked for has not come about yet (for example, releasing results that are not settled)."""

    code, status, title = "not_ready", 409, "Not ready yet"
