"""The public keys of an outside identity provider: fetched when needed, kept, and fetched again for a new key."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import jwt
import structlog

from realtime.domain.errors import Unavailable

# What a key is decides how it signs; what a token claims about itself never does.
ALGORITHMS: Mapping[tuple[str, str | None], str] = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}

MAX_AGE_SECONDS = 600.0  # so that a withdrawn key goes
RETRY_SECONDS = 5.0  # between fetches for a key id that nobody knows, and after a failure
_TIMEOUT = aiohttp.ClientTimeout(total=5)
_MAX_BYTES = 1024 * 1024

_log = structlog.get_logger(__name__)


class KeySet:
    """The provider's keys by their id."""

    def __init__(
        self, url: str, *, max_age_seconds: float = MAX_AGE_SECONDS, retry_seconds: float = RETRY_SECONDS
    ) -> None:
        self._url = url
        self._max_age = max_age_seconds
        self._retry = retry_seconds
        self._keys: dict[str | None, jwt.PyJWK] | None = None
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")  # the last fetch that failed, or was made for an unknown id
        self._turn = asyncio.Lock()

    async def find(self, kid: str | None) -> jwt.PyJWK | None:
        """Find a key by its id; without an id, the only one. Raises Unavailable where no keys could be had at all."""
        if self._is_old() or self._pick(kid) is None:
            await self._refresh(kid)
        if self._keys is None:
            raise Unavailable("The identity provider does not answer")
        return self._pick(kid)

    def _pick(self, kid: str | None) -> jwt.PyJWK | None:
        keys = self._keys or {}
        if kid is None and len(keys) == 1:
            return next(iter(keys.values()))
        return keys.get(kid)

    def _is_old(self) -> bool:
        return time.monotonic() - self._fetched_at > self._max_age

    async def _refresh(self, kid: str | None) -> None:
        async with self._turn:
            wanted = self._is_old() or self._pick(kid) is None  # another may have fetched while we waited
            if not wanted or time.monotonic() - self._tried_at < self._retry:
                return
            if not self._is_old():
                self._tried_at = time.monotonic()
            try:
                self._keys = usable_keys(await _fetch(self._url))
                self._fetched_at = time.monotonic()
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                # the keys we have stay good: an outage of the provider signs nobody out
                self._tried_at = time.monotonic()
                _log.warning("jwks_not_fetched", error=f"{type(error).__name__}: {error}")


def usable_keys(document: Any) -> dict[str | None, jwt.PyJWK]:
    """Pick the keys that may sign tokens for us by their id; raises ValueError where the document is no key set."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a JSON Web Key Set")  # noqa: TRY004 - wrong content, not a caller's mistake
    found: dict[str | None, jwt.PyJWK] = {}
    for jwk in document["keys"]:
        key = _usable(jwk) if isinstance(jwk, dict) else None
        if key is not None and isinstance(key.key_id, str | None):
            found[key.key_id] = key
    return found


def _usable(jwk: dict[str, Any]) -> jwt.PyJWK | None:
    kty, crv = jwk.get("kty"), jwk.get("crv")
    algorithm = ALGORITHMS.get((kty, None if kty == "RSA" else crv)) if isinstance(kty, str) else None
    if algorithm is None or jwk.get("alg", algorithm) != algorithm or jwk.get("use", "sig") != "sig":
        return None
    try:
        return jwt.PyJWK(jwk, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        _log.warning("jwk_not_usable", error=f"{type(error).__name__}: {error}")
        return None


async def _fetch(url: str) -> Any:
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT) as session,
        session.get(url, allow_redirects=False, headers={"Accept": "application/json"}) as response,
    ):
        if response.status != 200:
            raise ValueError(f"the key set was answered with status {response.status}")
        body = await response.content.read(_MAX_BYTES + 1)
        while len(body) <= _MAX_BYTES and (more := await response.content.read(_MAX_BYTES + 1 - len(body))):
            body += more
        if len(body) > _MAX_BYTES:
            raise ValueError("the key set is too large")
        return json.loads(body)
