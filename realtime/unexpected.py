"""What a caller is told of an exception that is no refusal; the one place for HTTP and Socket.IO."""

import structlog
from redis.exceptions import RedisError

from db.pool import PASSING
from realtime.domain.errors import InternalError, Refusal, Unavailable

log = structlog.get_logger()


def refusal_of(error: Exception, *, doing: str) -> Refusal:
    """Turn an exception into a refusal; what we did not expect is logged whole, what passes in a line."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, (*PASSING, RedisError)):  # nothing was changed
        log.warning("unavailable", doing=doing, error=repr(error))
        return Unavailable("Nothing was changed; please try again in a moment")
    log.error("failed", doing=doing, exc_info=error)
    return InternalError("Please try again; the fault is in the server's log")
