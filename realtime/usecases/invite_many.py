"""Many people are invited by one table: every good line is done, every bad one is named with what to change."""

import csv
import io
from collections.abc import Iterator
from uuid import UUID

from pydantic import ValidationError

from db import interviews
from db.pool import Pool
from realtime.contracts.faults import faults_of, spell
from realtime.contracts.invitations import (
    InvitationLink,
    Invite,
    InvitedLine,
    InvitedMany,
    InvitedStatus,
    InviteMany,
)
from realtime.domain.errors import AlreadyInvited, InvalidBody, NotACandidate, NotFound
from realtime.usecases import invitations
from realtime.usecases.export import BYTE_ORDER_MARK

MOST_LINES = 2_000  # some three milliseconds each: longer than ten seconds nobody waits before a page
COLUMNS = Invite.model_fields
NEEDED = [name for name, field in COLUMNS.items() if field.is_required()]


async def invite_many(
    pool: Pool, *, owner_id: UUID, interview_id: UUID, request: InviteMany, public_url: str
) -> InvitedMany:
    """Invite everybody in a table, each by themselves: what is sent again finds who is invited already.

    Raises NotFound where the interview is not this recruiter's, InvalidBody for what is no such table.
    """
    people = list(_people(request.csv))
    async with pool.acquire() as conn:
        if await interviews.read(conn, interview_id, recruiter_id=owner_id) is None:
            raise NotFound
        lines = []
        for line, fields in people:
            try:
                asked = Invite.model_validate_strings(fields)
                link = await invitations.invite(
                    conn, owner_id=owner_id, interview_id=interview_id, request=asked, public_url=public_url
                )
            except ValidationError as error:
                lines.append(_told(line, fields, status="refused", message=_words(error)))
            except NotACandidate as refusal:
                lines.append(_told(line, fields, status="refused", message=str(refusal)))
            except AlreadyInvited as refusal:
                lines.append(
                    _told(line, fields, status="already_invited", invitation_id=UUID(refusal.facts["id"]))
                )
            else:
                lines.append(_told(line, fields, status="invited", invitation_id=link.id, link=link))
    return InvitedMany(lines=tuple(lines))


def _people(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line of the table with its number; raises InvalidBody for what is no table of people."""
    if "\x00" in text:
        raise _no_table("must be text: it has a NUL character in it")
    text = text.removeprefix(BYTE_ORDER_MARK)
    first = text.split("\n", 1)[0]
    # what spreadsheet programs write where a comma stands in numbers
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_header(names)
        for count, cells in enumerate((row for row in reader if any(cell.strip() for cell in row)), start=1):
            if count > MOST_LINES:
                raise _no_table(f"must have at most {MOST_LINES} people; send the others afterwards")
            yield reader.line_num, _fields(names, cells)
    except csv.Error as error:
        raise _no_table(f"line {reader.line_num}: {error}") from None


def _check_header(names: list[str]) -> None:
    if missing := [name for name in NEEDED if name not in names]:
        raise _no_table(f"the first line must name the columns; missing: {', '.join(missing)}")
    if unknown := [name for name in names if name not in COLUMNS]:
        raise _no_table(f"the first line names unknown columns: {', '.join(map(repr, unknown))}")
    if len(set(names)) < len(names):
        raise _no_table("the first line names a column twice")


def _fields(names: list[str], cells: list[str]) -> dict[str, str]:
    fields = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
    if len(cells) > len(names):
        fields["cells"] = "too many"  # an unknown field: the line is refused, with a word of its own
    return fields


def _words(error: ValidationError) -> str:
    said = [
        "has more cells than the first line"
        if fault.path == ("cells",)
        else f"{spell(fault.path)} {fault.message}"
        for fault in faults_of(error)
    ]
    return "; ".join(said)


def _told(
    line: int,
    fields: dict[str, str],
    *,
    status: InvitedStatus,
    message: str | None = None,
    invitation_id: UUID | None = None,
    link: InvitationLink | None = None,
) -> InvitedLine:
    return InvitedLine(
        line=line,
        email=fields.get("email", ""),
        status=status,
        message=message,
        id=invitation_id,
        url=link.url if link else None,
        expires_at=link.expires_at if link else None,
    )


def _no_table(message: str) -> InvalidBody:
    return InvalidBody(errors=[{"path": "csv", "message": message}])
