"""Who may write to a session: the holder's token, or anybody of the candidate's while nobody holds it."""

import hashlib
import secrets
from dataclasses import dataclass

from realtime.domain.errors import SessionHeld

TOKEN_BYTES = 24  # 192 bits: not to be guessed, short enough for every message


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock's side of a session row; `held` says whether a live connection holds it."""

    fence: int
    held: bool
    lock_hash: bytes | None
    resume_hash: bytes | None
    previous_resume_hash: bytes | None


def new_token() -> str:
    """Make a lock or resume token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def check_write(lock: Lock, token: str | None) -> None:
    """Refuse a write with an old token, or without one while the session is held."""
    if token is None:
        if lock.held:
            raise SessionHeld
        return
    if lock.lock_hash is None or not secrets.compare_digest(digest(token), lock.lock_hash):
        raise SessionHeld("Another tab or device took this interview over")


def presented(lock: Lock, resume_token: str | None) -> bytes | None:
    """The hash of a resume token that is good, else None: a stale one counts as none."""
    if resume_token is None:
        return None
    hashed = digest(resume_token)
    known = (lock.resume_hash, lock.previous_resume_hash)
    return hashed if any(k is not None and secrets.compare_digest(hashed, k) for k in known) else None


def check_join(lock: Lock, *, resume_hash: bytes | None, takeover: bool) -> None:
    """Refuse a second connection that neither resumes nor takes over."""
    if lock.held and resume_hash is None and not takeover:
        raise SessionHeld(can_take_over=True)
