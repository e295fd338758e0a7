"""Stream entries as they come: read without trust, acknowledged when dealt with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from faststream.message import StreamMessage
from faststream.redis.message import BatchStreamMessage
from pydantic import ValidationError
from redis.asyncio import Redis

from realtime.contracts.streams import (
    BODY_FIELD,
    DEAD,
    GRADERS,
    AnswerJob,
    DeadLetter,
    SummaryJob,
    read_job,
)

_BODY_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `body` None where it lacks the field that every entry has."""

    id: bytes
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries that were read together."""

    stream: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry that is no job, and why."""

    entry: Entry
    reason: str


async def parse(message: BatchStreamMessage) -> StreamMessage[BatchStreamMessage]:
    """Take the raw entries. FastStream's own parser fails on a whole batch for one entry that is not UTF-8."""
    return StreamMessage(raw_message=message, body=b"")


async def decode(message: StreamMessage[BatchStreamMessage]) -> Batch:
    """Give the handler a batch."""
    raw = message.raw_message
    field = BODY_FIELD.encode()
    return Batch(
        stream=raw["channel"],
        entries=tuple(
            Entry(id=entry_id, body=fields.get(field))
            for entry_id, fields in zip(raw["message_ids"], raw["data"], strict=True)
        ),
    )


def sort(batch: Batch) -> tuple[list[AnswerJob | SummaryJob], list[Unreadable]]:
    """Tell jobs from what is none."""
    readable: list[AnswerJob | SummaryJob] = []
    unreadable: list[Unreadable] = []
    for entry in batch.entries:
        if entry.body is None:
            unreadable.append(Unreadable(entry, reason=f"no field {BODY_FIELD}"))
            continue
        try:
            readable.append(read_job(entry.body))
        except ValidationError as error:
            unreadable.append(Unreadable(entry, reason=_first_fault(error)))
    return readable, unreadable


async def acknowledge(redis: Redis, batch: Batch, *, unreadable: Iterable[Unreadable] = ()) -> None:
    """Have the batch done with; what is no job moves to the dead letters. All or nothing."""
    async with redis.pipeline(transaction=True) as pipe:
        for bad in unreadable:
            pipe.xadd(DEAD, {BODY_FIELD: _dead_letter(batch.stream, bad).encode()})
            pipe.xdel(batch.stream, bad.entry.id)
        pipe.xack(batch.stream, GRADERS, *(entry.id for entry in batch.entries))
        await pipe.execute()


def _dead_letter(stream: str, bad: Unreadable) -> DeadLetter:
    body = bad.entry.body
    return DeadLetter(
        reason=f"unreadable: {bad.reason}",
        at=datetime.now(UTC),
        stream=stream,
        entry_id=bad.entry.id.decode(),
        body=None if body is None else body[:_BODY_SHOWN].decode(errors="replace"),
    )


def _first_fault(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['type']}".removeprefix(": ")
