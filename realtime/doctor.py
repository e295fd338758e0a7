"""`interlock doctor`: what this installation needs, looked at one by one, each with what to do about it."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import redis.asyncio
from redis.exceptions import RedisError

from db import migrate, server
from db.pool import connect
from realtime.failures import reason
from realtime.reach import UNREACHABLE
from realtime.settings import Settings, SettingsError

_SKEW = timedelta(seconds=2)
_TIMEOUT_SECONDS = 10.0
_DEFAULT_AI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one part; `remedy` says what to do where it is not well."""

    part: str
    found: str
    remedy: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing needs to be done."""
        return self.remedy is None

    def __str__(self) -> str:
        if self.remedy is None:
            return f"ok     {self.part}: {self.found}"
        return f"WRONG  {self.part}: {self.found}; {self.remedy}"


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at every part in turn; a part that is not there does not hide the others."""
    yield _tokens(settings)
    async for finding in _database(settings):
        yield finding
    yield await _redis(settings)
    yield await _ai(settings)


def _tokens(settings: Settings) -> Finding:
    try:
        settings.require_tokens()
    except SettingsError as error:
        return Finding("tokens", "cannot be checked", str(error))
    return Finding("tokens", "signed here" if settings.jwt_secret else f"by {settings.jwks_url}")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        conn = await connect(settings.required_database_url, application_name="interlock doctor")
    except SettingsError as error:
        yield Finding("database", "not configured", str(error))
        return
    except UNREACHABLE as error:
        remedy = "start it, or correct INTERLOCK_DATABASE_URL"
        yield Finding("database", f"cannot be reached ({reason(error)})", remedy)
        return
    try:
        before = datetime.now(UTC)
        about = await server.about(conn)
        after = datetime.now(UTC)
        yield Finding("database", f"PostgreSQL {about.version}")
        yield _schema(await migrate.current_version(conn))
        yield _clock(about.now - (before + (after - before) / 2))
    finally:
        await conn.close()


def _schema(found: int) -> Finding:
    needed = migrate.required_version()
    if found == needed:
        return Finding("schema", f"version {found}")
    if found < needed:
        return Finding("schema", f"version {found}, this program needs {needed}", "run `interlock migrate`")
    return Finding(
        "schema", f"version {found}, newer than this program's {needed}", "install the newer Interlock"
    )


def _clock(skew: timedelta) -> Finding:
    found = (
        f"{abs(skew.total_seconds()):.3f} s {'behind' if skew > timedelta() else 'ahead of'} the database's"
    )
    if abs(skew) <= _SKEW:
        return Finding("clock", found)
    return Finding("clock", found, "let NTP set the clocks of both machines: tokens end by this one")


async def _redis(settings: Settings) -> Finding:
    try:
        client = redis.asyncio.Redis.from_url(settings.required_redis_url, socket_timeout=_TIMEOUT_SECONDS)
    except SettingsError as error:
        return Finding("redis", "not configured", str(error))
    try:
        info = await client.info()
    except (RedisError, OSError, ValueError) as error:
        return Finding(
            "redis", f"cannot be reached ({reason(error)})", "start it, or correct INTERLOCK_REDIS_URL"
        )
    finally:
        await client.aclose()
    policy = info.get("maxmemory_policy", "noeviction")
    found = f"{info.get('server_name', 'redis')} {info.get('valkey_version', info.get('redis_version'))}"
    if info.get("maxmemory") and policy != "noeviction":
        return Finding(
            "redis", f"{found} throws away keys ({policy})", "set its maxmemory-policy to noeviction"
        )
    return Finding("redis", found)


async def _ai(settings: Settings) -> Finding:
    if settings.openai_api_key is None:
        return Finding("AI", "no OPENAI_API_KEY: what needs an AI waits for a person's review")
    url = f"{settings.openai_base_url or _DEFAULT_AI_URL}/models"
    headers = {"Authorization": f"Bearer {settings.openai_api_key.get_secret_value()}"}
    began = time.monotonic()
    try:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.get(url, headers=headers) as r,
        ):
            status = r.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        remedy = "correct OPENAI_BASE_URL, or let this machine reach it"
        return Finding("AI", f"{url} cannot be reached ({reason(error)})", remedy)
    if status in {401, 403}:
        return Finding("AI", f"{url} refuses the key ({status})", "correct OPENAI_API_KEY")
    if status >= 500 or status == 429:
        return Finding("AI", f"{url} answers {status}", "look at the provider's state and your quota there")
    return Finding("AI", f"{url} answers in {(time.monotonic() - began) * 1000:.0f} ms")
