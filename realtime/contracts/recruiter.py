"""What a recruiter sends and sees of the sessions of their interviews."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from realtime.contracts.base import Json, Reply, Request, Text, Time
from realtime.contracts.candidate import CandidateAnswer, Pacing, Status
from realtime.contracts.events import FeedPlace
from realtime.contracts.interviews import Question
from realtime.contracts.streams import EvaluationState, Grader, Recommendation

MAX_PAGE = 200
MAX_REPLAY = 1_000
MAX_EXTENSION_SECONDS = 7_200  # as long as the longest question may be
MAX_REASON_CHARS = 500
MAX_MESSAGE_CHARS = 2_000
MAX_SEARCH_CHARS = 200
MAX_MODEL_CHARS = 200  # as results name them
MAX_CURSOR_CHARS = 100_000  # a candidate's name is in it, and nothing bounds names that came from outside
LARGEST_INTEGER = 2**31 - 1
LARGEST_OFFSET = 2**63 - 1

Sort = Literal["-activity", "started_at", "-percentage", "candidate_name"]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


ModelName = Annotated[Text, Field(min_length=1, max_length=MAX_MODEL_CHARS)]
Reason = Annotated[Text, Field(min_length=1, max_length=MAX_REASON_CHARS), AfterValidator(_not_blank)]


class Query(Request):
    """Parameters of a GET; an empty one counts as left out."""

    # they are all text, so that what they stand for has to be read from it
    model_config = ConfigDict(strict=False)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_ones(cls, sent: Any) -> Any:
        return (
            {name: value for name, value in sent.items() if value != ""} if isinstance(sent, dict) else sent
        )


class SessionsQuery(Query):
    """Which sessions, in which order, from where on."""

    interview_id: UUID | None = None
    status: Status | None = None
    q: Text | None = Field(
        default=None,
        max_length=MAX_SEARCH_CHARS,
        description="Part of the candidate's name or the interview's title.",
    )
    sort: Sort = "-activity"
    cursor: str | None = Field(
        default=None, max_length=MAX_CURSOR_CHARS, description="`next_cursor` of a page."
    )
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


class FeedQuery(Query):
    """Where a dashboard stands."""

    after_epoch: Text = Field(description="Opaque; another one than the feed's is `resync_required`.")
    after_offset: int = Field(ge=0, le=LARGEST_OFFSET)
    limit: int = Field(default=200, ge=1, le=MAX_REPLAY)


class ExportQuery(Query):
    """All sessions, or those of one interview."""

    interview_id: UUID | None = None


class Extend(Request):
    """Give the current question more time."""

    seconds: int = Field(ge=1, le=MAX_EXTENSION_SECONDS)
    reason: Reason


class Explained(Request):
    """Do it, for this reason; the candidate is told."""

    reason: Reason


class SendMessage(Request):
    """A word to the candidate."""

    text: Annotated[Text, Field(min_length=1, max_length=MAX_MESSAGE_CHARS), AfterValidator(_not_blank)]


class Sign(Request):
    """A person's recommendation; it stands over the AI's."""

    recommendation: Recommendation


class Score(Request):
    """A person's score for an answer; it stands over every grader's. More than two decimals are rounded."""

    score: float = Field(allow_inf_nan=False)
    reason: Reason


class AskedModels(Request):
    """Which model to ask for what; the settings' where none is named."""

    short_answer: ModelName | None = None
    code: ModelName | None = None
    summary: ModelName | None = None


class AskedPrompts(Request):
    """The whole text of a prompt, with `$nonce` where the delimiters' secret goes; our own where none is given."""

    short_answer: Text | None = None
    code: Text | None = None
    summary: Text | None = None


class RegradeWith(Request):
    """Grade again with these models and prompts; what is not said is as the settings have it."""

    models: AskedModels = AskedModels()
    prompts: AskedPrompts = AskedPrompts()


class Promote(Request):
    """Let the results of this grading count."""

    grading_version: int = Field(ge=1, le=LARGEST_INTEGER)


class SessionSummary(Reply):
    """A session as it stands in the list; also the payload of `session_changed`."""

    id: UUID
    candidate_name: str
    interview_id: UUID
    interview_title: str
    attempt: int
    status: Status
    current_question_index: int
    question_count: int
    connected: bool
    paused_at: Time | None
    remaining_ms: int | None = Field(description="As its candidate sees it; null once ended.")
    last_activity_at: Time
    final_score: float | None
    max_score: int
    percentage: float | None
    recommendation: Recommendation | None
    evaluation_state: EvaluationState | None = Field(description="The worst of its answers'.")
    flags: tuple[str, ...]


class SessionPage(Reply):
    """A page of the list; `feed` was read before it, so replaying from there misses nothing."""

    sessions: tuple[SessionSummary, ...]
    next_cursor: str | None
    feed: FeedPlace


class DraftKept(Reply):
    """A draft on the way to an answer."""

    revision: int
    answer: str | None
    saved_at: Time


class GradingResult(Reply):
    """What one grading found, whether it counts or not."""

    grading_version: int
    state: EvaluationState
    score: float | None
    feedback: Json
    graded_by: Grader
    provenance: dict[str, Any]
    created_at: Time


class Override(Reply):
    """A score by a person; the newest counts."""

    score: float
    reason: str
    scored_by: str
    scored_at: Time


class RecruiterAnswer(CandidateAnswer):
    """An answer with the result that counts, all others, and the question as it was written."""

    answer_text: str | None
    time_taken_seconds: float
    score: float | None
    points: int
    feedback: Json
    evaluation_state: EvaluationState
    graded_by: Grader | None
    evaluated_at: Time | None
    provenance: dict[str, Any] | None = Field(
        description="Of the grading that counts; null while there is none."
    )
    draft_history: tuple[DraftKept, ...]
    results: tuple[GradingResult, ...]
    overrides: tuple[Override, ...]
    question: Annotated[Question, Field(discriminator="type")]


class TimelineEntry(Reply):
    """Something that happened; what `detail` holds depends on `kind`."""

    at: Time
    kind: str
    actor: str | None
    reason: str | None
    detail: dict[str, Any]


class AuditRecord(Reply):
    """Who did what and why; `actor` is null where the server acted."""

    at: Time
    action: str
    actor: str | None
    reason: str | None
    detail: dict[str, Any]
    revision: int


class Grading(Reply):
    """One grading of the whole session; it can be promoted once all its answers are graded."""

    grading_version: int
    answers: int
    graded: int
    counts: bool
    regrade_id: UUID | None = Field(
        description="The request that it came of: `GET /api/recruiter/regrades/{regrade_id}`; null for the first grading."
    )


class SummaryText(Reply):
    """The text about the session by one grading, kept for good."""

    grading_version: int
    summary: str
    strengths: tuple[str, ...]
    improvements: tuple[str, ...]
    recommendation: Recommendation | None = Field(
        description="The AI's advice, whatever a person has signed."
    )
    attempt: int
    provenance: dict[str, Any]
    created_at: Time
    counts: bool


class SessionDetail(SessionSummary):
    """All that its recruiter may know about a session."""

    candidate_email: str
    pacing: Pacing
    extra_time_percent: int
    started_at: Time
    ended_at: Time | None
    evaluated_at: Time | None
    released_at: Time | None
    ai_summary: str | None
    strengths: tuple[str, ...]
    improvements: tuple[str, ...]
    recommendation_signed_by: str | None = Field(
        description="Null while the recommendation is the AI's advice."
    )
    recommendation_signed_at: Time | None
    answers: tuple[RecruiterAnswer, ...]
    timeline: tuple[TimelineEntry, ...]
    audit: tuple[AuditRecord, ...]
    gradings: tuple[Grading, ...]
    summaries: tuple[SummaryText, ...]


class RegradeBegun(Reply):
    """A new grading has begun in the shadow; as it is, the body of `promote` once it is complete."""

    grading_version: int


class FeedEntry(Reply):
    """An event as the room heard it."""

    event: str
    payload: dict[str, Any]


class FeedReplay(Reply):
    """Events after a position, without a gap; `feed` is where to go on."""

    events: tuple[FeedEntry, ...]
    feed: FeedPlace
    has_more: bool
