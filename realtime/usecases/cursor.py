"""Where a page ended, as an opaque word that only its own recruiter and order can go on with."""

import base64
import binascii
import hashlib
from datetime import datetime
from uuid import UUID

import orjson

from db.recruiter import After, SummaryRow
from realtime.contracts.recruiter import Sort
from realtime.domain.errors import InvalidBody

_CHECK_BYTES = (
    8  # against slips, not against forgery: whatever a cursor says, its recruiter sees only their own
)


def cursor_after(row: SummaryRow, *, sort: Sort, recruiter_id: UUID) -> str:
    """The cursor of the page after `row`."""
    body = orjson.dumps([sort, _key(row, sort), str(row.id)])
    return base64.urlsafe_b64encode(_check(body, recruiter_id) + body).decode().rstrip("=")


def read_cursor(text: str | None, *, sort: Sort, recruiter_id: UUID) -> After:
    """Where to go on; from the start without a cursor. Raises InvalidBody for one that is not of this list."""
    if text is None:
        return After()
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise _refused() from None
    check, body = data[:_CHECK_BYTES], data[_CHECK_BYTES:]
    canonical = base64.urlsafe_b64encode(data).decode().rstrip("=")
    if canonical != text or check != _check(body, recruiter_id):
        raise _refused()
    made_for, key, session_id = orjson.loads(body)
    if made_for != sort:
        raise _refused()
    return _after(sort, key, UUID(session_id))


def _key(row: SummaryRow, sort: Sort) -> str | float:
    match sort:
        case "-activity":
            return row.last_activity_at.isoformat()
        case "started_at":
            return row.started_at.isoformat()
        case "-percentage":
            return -1.0 if row.percentage is None else row.percentage
        case "candidate_name":
            return row.candidate_name


def _after(sort: Sort, key: str | float, session_id: UUID) -> After:
    match sort, key:
        case "-percentage", float():
            return After(session_id, percentage=key)
        case "candidate_name", str():
            return After(session_id, name=key)
        case _, str():
            return After(session_id, moment=datetime.fromisoformat(key))
    raise _refused()


def _check(body: bytes, recruiter_id: UUID) -> bytes:
    return hashlib.sha256(recruiter_id.bytes + body).digest()[:_CHECK_BYTES]


def _refused() -> InvalidBody:
    return InvalidBody(
        errors=[{"path": "cursor", "message": "must be the next_cursor of a page in the same order"}]
    )
