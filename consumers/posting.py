"""The way out to webhooks' receivers: strangers' servers, which may be slow, dead, or lead somewhere they must not."""

import errno
import socket
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias

import aiohttp
from aiohttp import hdrs

from consumers.resolving import Resolver
from consumers.signing import signed_headers
from db.webhooks import Way
from realtime.domain.addresses import Network, may_be_reached

CONTENT_TYPE = "application/cloudevents+json"
USER_AGENT = "Interlock-Webhooks"

# A receiver has to store what it gets and no more; who needs longer is to put it into a queue of their own.
ANSWER_SECONDS = 10.0
CONNECT_SECONDS = 5.0
ANSWER_BYTES = 4096  # of the answer's body, so that the connection can be used again; nothing in it counts
# What these say is about the event, not about the receiver: trying for hours would only hold up what comes after it.
REFUSALS = frozenset({400, 409, 413, 415, 422})
_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """The receiver has it."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It has not; `is_unwell` where that is no verdict on the event. `asked` is for how many seconds to leave it alone."""

    reason: str
    is_unwell: bool = True
    asked: float | None = None


Posted: TypeAlias = Taken | NotTaken


class ForbiddenAddress(OSError):
    """The URL leads to an address that webhooks may not reach."""


class Post:
    """Delivers one message at a time to a receiver; any number of receivers at once."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def deliver(self, way: Way, *, message_id: str, body: bytes) -> Posted:
        """Make one attempt; never raises for anything that a receiver, its name or its network does."""
        secrets = [way.secret] if way.previous_secret is None else [way.secret, way.previous_secret]
        signed = signed_headers(message_id=message_id, at=int(time.time()), body=body, secrets=secrets)
        try:
            async with self._session.post(
                way.url,
                data=body,
                headers={hdrs.CONTENT_TYPE: CONTENT_TYPE, hdrs.USER_AGENT: USER_AGENT, **signed},
                allow_redirects=False,
            ) as response:
                await response.content.read(ANSWER_BYTES)
                return _verdict(response)
        except TimeoutError:
            return NotTaken(f"did not answer within {ANSWER_SECONDS:g} s")
        except aiohttp.ClientConnectorCertificateError as error:
            return NotTaken(_shortened(f"its certificate is not good: {error.certificate_error}"))
        except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: a name that is none
            return NotTaken(_shortened(_words(error)))


@asynccontextmanager
async def open_post(allowed: Collection[Network]) -> AsyncIterator[Post]:
    """Open the way out for the length of the block; beside public addresses only `allowed` networks are reached."""

    def open_socket(found: Any) -> socket.socket:
        # Asked for every connection, after the name was resolved: it holds whatever the name led to a moment ago.
        family, kind, protocol, _, address = found
        if not may_be_reached(str(address[0]), allowed=allowed):
            raise ForbiddenAddress(
                errno.EACCES,
                f"{address[0]} is no public address; INTERLOCK_WEBHOOK_PRIVATE_NETWORKS lists which others are allowed",
            )
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(limit=0, socket_factory=open_socket, resolver=Resolver())
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
    # No proxy of the environment: it would connect in our place, to addresses that nobody has checked.
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    ) as session:
        yield Post(session)


def _verdict(response: aiohttp.ClientResponse) -> Posted:
    status = response.status
    if 200 <= status < 300:
        return Taken()
    if 300 <= status < 400:
        return NotTaken(f"answered {status}: redirects are not followed, give the URL that it leads to")
    asked = retry_after(response.headers.get(hdrs.RETRY_AFTER), now=datetime.now(UTC))
    return NotTaken(f"answered {status}", is_unwell=status not in REFUSALS, asked=asked)


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for, whether written as such or as a date; None where it says nothing usable."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _words(error: BaseException) -> str:
    """What went wrong, from the innermost error that says it; never the URL, which may hold a secret of the receiver's."""
    if isinstance(error, aiohttp.InvalidURL):
        return "the URL cannot be used"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"the answer is no HTTP: {error.message}"
    inner: BaseException = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return str(inner).strip() or type(inner).__name__


def _shortened(text: str) -> str:
    """A line that can be stored and shown, whatever a receiver put into it."""
    return "".join(char if char.isprintable() else " " for char in text)[:_REASON_CHARS].strip()
