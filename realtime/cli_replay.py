"""`interlock replay`: public events once more from PostgreSQL, for a service that lost its place."""

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Protocol
from uuid import UUID

import typer

from realtime.failures import CommandFailed

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from realtime.usecases.replay import Range, Replayed, Wanted

REDIS_SECONDS = 10.0
OURS = "interlock."  # names that Interlock itself writes under
_TIMES = ["%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d"]


def replay(
    since: Annotated[
        datetime | None,
        typer.Option(formats=_TIMES, metavar="TIME", help="From the first event at this time (UTC) on."),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(metavar="POSITION", help="After this entry's id (A-B) or position (B); 0 is the start."),
    ] = None,
    after_event: Annotated[
        UUID | None, typer.Option(metavar="ID", help="After the event with this CloudEvents id.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=_TIMES, metavar="TIME", help="Up to the last event at this time; else up to now."
        ),
    ] = None,
    session: Annotated[
        UUID | None, typer.Option(metavar="ID", help="Only the events of this session.")
    ] = None,
    to_stream: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Write to this Redis stream, made for you, and not to stdout."),
    ] = None,
) -> None:
    """Writes public events again, in order and with the same ids, as JSON lines.

    Give exactly one of --since, --after and --after-event. Where any of what was asked for is pruned, it fails.
    """
    if [since, after, after_event].count(None) != 2:
        raise typer.BadParameter("give exactly one of --since, --after and --after-event")
    if to_stream is not None and (not to_stream or to_stream.startswith(OURS)):
        raise typer.BadParameter(
            f"must not begin with {OURS}: those streams are Interlock's", param_hint="--to-stream"
        )
    from realtime.usecases.replay import EntryId, Wanted

    try:
        position = None if after is None else EntryId.read(after)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--after") from None
    wanted = Wanted(
        since=_utc(since), after=position, after_event=after_event, until=_utc(until), session=session
    )
    asyncio.run(_replay(wanted, to_stream))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


async def _replay(wanted: "Wanted", to_stream: str | None) -> None:
    from redis.asyncio import Redis

    from realtime.reach import open_connection
    from realtime.settings import read_settings
    from realtime.usecases import replay as replaying

    settings = read_settings()
    out: Out = Lines()
    async with AsyncExitStack() as stack:
        if to_stream is not None:
            redis = Redis.from_url(settings.required_redis_url, socket_timeout=REDIS_SECONDS)
            stack.push_async_callback(redis.aclose)
            out = Stream(redis, to_stream)
        conn = await stack.enter_async_context(open_connection(settings))
        count = 0
        try:
            found = await replaying.find(conn, wanted)
            await out.begin(found)
            async for page in replaying.read(conn, wanted, found):
                await out.write(page)
                count += len(page)
        except replaying.CannotReplay as error:
            raise CommandFailed(f"{error} ({count} written before)" if count else str(error)) from None
    typer.echo(
        f"{count} {'event' if count == 1 else 'events'};"
        f" go on after {found.installed_ms}-{found.until} of the public stream",
        err=True,
    )


class Out(Protocol):
    """Where a replay goes."""

    async def begin(self, found: "Range") -> None:
        """Make sure that the range can be written."""

    async def write(self, page: "list[Replayed]") -> None:
        """Write the next events."""


class Lines:
    """Standard output: one event a line."""

    async def begin(self, found: "Range") -> None:
        """Nothing stands in the way."""

    async def write(self, page: "list[Replayed]") -> None:
        """Write a line each."""
        sys.stdout.buffer.writelines(event.body + b"\n" for event in page)
        sys.stdout.buffer.flush()


class Stream:
    """A Redis stream of the caller's, with the entries that the public stream has or had: same ids, same field."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        self._name = name

    async def begin(self, found: "Range") -> None:
        """Raise CommandFailed where the stream has entries at or above the first: Redis would refuse ours."""
        from redis.exceptions import ResponseError

        try:
            info = await self._redis.xinfo_stream(self._name)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise CommandFailed(f"{self._name} is no stream: choose another name") from None
            return
        last = info["last-generated-id"].decode()
        first, _, second = last.partition("-")
        if (int(first), int(second)) > (found.installed_ms, found.after):
            raise CommandFailed(
                f"{self._name} has entries up to {last} already:"
                f" go on with --after {last}, or delete it or choose another name to begin again"
            )

    async def write(self, page: "list[Replayed]") -> None:
        """Add an entry each."""
        from realtime.contracts.streams import BODY_FIELD

        async with self._redis.pipeline(transaction=False) as pipe:
            for event in page:
                pipe.xadd(self._name, {BODY_FIELD: event.body}, id=event.entry_id)
            await pipe.execute()
