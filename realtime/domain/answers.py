"""What an answer is: when it counts as empty, and what its receipt proves."""

import hashlib
from uuid import UUID


def is_empty(answer: str | None, *, starter_code: str | None) -> bool:
    """Whether nothing was answered: blank, or the starter code as it was given."""
    return answer is None or not answer.strip() or answer == starter_code


def receipt_hash(*, session_id: UUID, question_id: UUID, answer: str | None) -> str:
    """Hex SHA-256 over the session's id, the question's id and the answer, joined by newlines."""
    return hashlib.sha256(f"{session_id}\n{question_id}\n{answer or ''}".encode()).hexdigest()
