"""Tokens: issuing our own, and finding out who presents one.

Our own are signed with HS256 by `INTERLOCK_JWT_SECRET` and say all that there is to know, so checking one needs
no database. Those of an outside identity provider are checked against its published keys and only say who it is:
the user and the role are ours. Which key a token is checked with, and which algorithm, never depends on its word:
the secret knows HS256 only, and a published key only the one algorithm of its kind.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import time
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from db import users
from db.pool import Pool
from db.users import UserRow
from realtime.contracts.base import Text
from realtime.contracts.people import Role, canonical_email
from realtime.domain.errors import Unauthenticated
from realtime.jwks import ALGORITHMS, KeySet
from realtime.settings import Settings

MAX_TOKEN_CHARS = 8192
# Tokens are dated by one clock and read by another; `iat` and `nbf` guard nothing, `exp` has no such slack.
CLOCK_SLACK_SECONDS = 600
# What was signed stays signed: a token that comes again (40 µs each) is only asked whether its time is over.
KNOWN_TOKENS = 10_000

_OWN_ALGORITHM = "HS256"
_PROVIDERS_ALGORITHMS = frozenset(ALGORITHMS.values())

Moment: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is calling; with `interview_id`, for that interview only."""

    user_id: UUID
    role: Role
    interview_id: UUID | None = None


class _Claims(BaseModel):
    """What every token says; further claims mean nothing to us."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    exp: Moment
    iat: Moment
    nbf: Moment = 0

    def are_in_time(self, now: float) -> bool:
        """Whether the token is good at `now` (seconds since the epoch)."""
        return now < self.exp and max(self.iat, self.nbf) <= now + CLOCK_SLACK_SECONDS


class _OwnClaims(_Claims):
    sub: UUID
    role: Role
    interview_id: UUID | None = None


class _ProvidersClaims(_Claims):
    iss: Text
    sub: Text = Field(min_length=1)
    email: Text | None = None
    email_verified: bool = Field(default=False, strict=True)


def issue_token(
    *,
    settings: Settings,
    user_id: UUID,
    role: Role,
    now: datetime,
    expires_at: datetime,
    interview_id: UUID | None = None,
) -> str:
    """Sign a token for a user; raises SettingsError where there is no secret to sign with."""
    claims: dict[str, Any] = {
        "sub": str(user_id),
        "role": role,
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    if settings.jwt_issuer is not None:
        claims["iss"] = settings.jwt_issuer
    if settings.jwt_audience is not None:
        claims["aud"] = settings.jwt_audience
    if interview_id is not None:
        claims["interview_id"] = str(interview_id)
    return jwt.encode(claims, settings.required_jwt_secret, algorithm=_OWN_ALGORITHM)


class Verifier:
    """Finds out who presents a token; one a process."""

    def __init__(self, *, settings: Settings, pool: Pool, clock: Callable[[], float] = time) -> None:
        self._settings = settings
        self._pool = pool
        self._clock = clock
        self._secret = None if settings.jwt_secret is None else settings.jwt_secret.get_secret_value()
        self._keys = None if settings.jwks_url is None else KeySet(settings.jwks_url)
        self._known: OrderedDict[str, _OwnClaims] = OrderedDict()

    async def identify(self, token: str) -> Identity:
        """Find out who presents `token`; raises Unauthenticated, and Unavailable where a provider's keys cannot be had."""
        if not token.isascii() or len(token) > MAX_TOKEN_CHARS:
            raise Unauthenticated
        now = self._clock()
        try:
            own = self._own(token, now)
            return own if own is not None else await self._outsider(token, now)
        except (jwt.PyJWTError, ValidationError) as error:
            raise Unauthenticated from error

    def _own(self, token: str, now: float) -> Identity | None:
        """Check a token against our secret; None where it was signed by something else."""
        claims = self._known.get(token) or self._read_own(token)
        if claims is None:
            return None
        if not claims.are_in_time(now):
            raise Unauthenticated
        return Identity(claims.sub, claims.role, claims.interview_id)

    def _read_own(self, token: str) -> _OwnClaims | None:
        if self._secret is None:
            return None
        try:
            payload = self._decode(token, self._secret, algorithm=_OWN_ALGORITHM)
        except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
            return None
        claims = self._known[token] = _OwnClaims.model_validate(payload)
        if len(self._known) > KNOWN_TOKENS:
            self._known.popitem(last=False)
        return claims

    async def _outsider(self, token: str, now: float) -> Identity:
        """Check a token against the provider's keys and find its user."""
        header = jwt.get_unverified_header(token)
        if self._keys is None or header.get("alg") not in _PROVIDERS_ALGORITHMS:
            raise Unauthenticated  # before anything is fetched for it
        key = await self._keys.find(header.get("kid"))
        if key is None:
            raise Unauthenticated
        claims = _ProvidersClaims.model_validate(self._decode(token, key, algorithm=key.algorithm_name))
        if not claims.are_in_time(now):
            raise Unauthenticated
        user = await self._user_of(claims)
        if user is None:
            raise Unauthenticated
        return Identity(user.id, user.role)

    def _decode(self, token: str, key: str | jwt.PyJWK, *, algorithm: str) -> dict[str, Any]:
        """Check signature, issuer and audience; the times are ours to check."""
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=self._settings.jwt_issuer,
            audience=self._settings.jwt_audience,
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "enforce_minimum_key_length": True,
            },
        )

    async def _user_of(self, claims: _ProvidersClaims) -> UserRow | None:
        async with self._pool.acquire() as conn:
            user = await users.by_identity(conn, claims.iss, subject=claims.sub)
            if user is not None or claims.email is None or not claims.email_verified:
                return user
            try:
                email = canonical_email(claims.email)
            except ValueError:
                return None
            async with conn.transaction():
                if await users.lock(conn, email) is None:
                    return None
                # a page's first requests come together: all but one find that it is done
                return await users.by_identity(
                    conn, claims.iss, subject=claims.sub
                ) or await users.bind_identity(conn, claims.iss, subject=claims.sub, email=email)
