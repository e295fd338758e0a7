"""What grading again would change: by answer, by session, and how far the two gradings agree."""

from typing import Any
from uuid import UUID

from pydantic import Field

from realtime.contracts.base import Reply, Time
from realtime.contracts.recruiter import MAX_PAGE, Query
from realtime.contracts.streams import EvaluationState, QuestionType, Recommendation


class RegradeQuery(Query):
    """Which sessions of a regrade."""

    session_id: UUID | None = Field(default=None, description="Only this one.")
    after: UUID | None = Field(default=None, description="`next_after` of the page before.")
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


class AnswerDifference(Reply):
    """One answer: what counts (once the regrade does: what counted before), and what the regrade found."""

    question_index: int
    question_type: QuestionType
    points: int
    old_score: float | None = Field(description="Null while it is not scored.")
    new_score: float | None = Field(description="Null while it is not scored.")
    difference: float | None
    state: EvaluationState | None = Field(description="Of the regrade; null while it has not come to it.")
    is_persons: bool = Field(description="A person has scored it: that score stands in both.")


class SessionDifference(Reply):
    """One session; ranks are among all sessions of the interview that have a total, equal shares sharing one."""

    session_id: UUID
    candidate_name: str
    attempt: int
    grading_version: int
    counts: bool
    max_score: int
    old_score: float | None
    new_score: float | None
    difference: float | None
    old_rank: int | None
    new_rank: int | None = Field(description="Where others have no new total, against what they have.")
    old_recommendation: Recommendation | None
    new_recommendation: Recommendation | None = Field(
        description="Null while the text about this grading is not written."
    )
    is_signed: bool = Field(description="A person has signed: that recommendation stands in both.")
    answers: tuple[AnswerDifference, ...]


class Agreement(Reply):
    """How far two gradings agree about answers that both have scored and no person has; differences in percent of the points."""

    question_type: QuestionType | None = Field(description="Null for all types together.")
    answers: int
    same_share: float | None = Field(description="Share with exactly the same score, 0 to 1.")
    mean_absolute_difference: float | None
    mean_difference: float | None = Field(description="Above 0 where the regrade gives more.")
    weighted_kappa: float | None = Field(
        description="Cohen's kappa, weighted by the square of the distance, over tenths of the points. Null where it is not defined."
    )


class Regrade(Reply):
    """A request to grade again: what with, how far it is, and what it would change."""

    id: UUID
    interview_id: UUID
    interview_title: str
    begun_at: Time
    begun_by: str | None = Field(description="Null where the operator did, from the command line.")
    recipe_sha256: str | None = Field(
        description="Hash of models, parameters and prompts; null for those from before this was kept."
    )
    models: dict[str, str] | None
    parameters: dict[str, Any] | None
    prompts: dict[str, str] | None = Field(description="Each prompt's hash, as in the provenance of results.")
    session_count: int
    promoted_count: int
    answer_count: int
    graded_count: int
    texts_pending: int = Field(description="Texts about sessions that are being written.")
    agreement: Agreement
    agreement_by_type: tuple[Agreement, ...]
    sessions: tuple[SessionDifference, ...]
    next_after: UUID | None
