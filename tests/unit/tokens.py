"""Tokens for tests: good ones, and the material to make bad ones."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
import pytest
from pydantic import SecretStr

from realtime.auth import Verifier
from realtime.domain.errors import Unauthenticated
from realtime.settings import Settings

SECRET = "unit-test-secret-of-more-than-32-bytes"
ISSUER = "https://login.example.test"
AUDIENCE = "interlock"
NOW = datetime.now(UTC)
USER = uuid4()


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **({"jwt_secret": SecretStr(SECRET)} | changes))


NO_POOL: Any = None  # own tokens need no database: any use of it is an AttributeError


def verifier(pool: Any = NO_POOL, **changes: Any) -> Verifier:
    return Verifier(settings=settings(**changes), pool=pool)


def claims(**changes: Any) -> dict[str, Any]:
    told = {
        "sub": str(USER),
        "role": "candidate",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
    } | changes
    return {name: value for name, value in told.items() if value is not ...}


def signed(payload: dict[str, Any], key: Any = SECRET, algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode(payload, key, algorithm=algorithm, headers=header or None)


async def refused(token: str, by: Verifier) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await by.identify(token)
    assert caught.value.detail == Unauthenticated.title  # nothing about why
