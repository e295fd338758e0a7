"""RFC 9457 problem details, the one form of every HTTP error."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from realtime.contracts.faults import faults_of, spell
from realtime.domain.errors import InvalidBody, Refusal

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """A problem; further fields (`errors`, `session_id`, `current_question_index`, …) depend on the code."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    error: str


def problem(refusal: Refusal) -> dict[str, Any]:
    """Spell a refusal as problem details."""
    return {
        "type": f"urn:interlock:problem:{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "error": refusal.title,
    } | refusal.facts


def invalid_body(error: ValidationError) -> InvalidBody:
    """Say everything that is wrong with a body, each with its path."""
    return InvalidBody(
        errors=[{"path": spell(fault.path), "message": fault.message} for fault in faults_of(error)]
    )
