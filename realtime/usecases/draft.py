"""Save a draft: what becomes the answer if the server has to close the question."""

from uuid import UUID

from db import drafts, sessions
from realtime.auth import Identity
from realtime.contracts.candidate import DraftSaved, SaveDraft
from realtime.domain.lock import check_write
from realtime.domain.session import check_open
from realtime.usecases.credit import credited
from realtime.usecases.services import Services
from realtime.usecases.standing import lock_own
from realtime.usecases.submit import check_option, positioned


@credited
async def save_draft(
    services: Services, *, who: Identity, session_id: UUID, request: SaveDraft
) -> DraftSaved:
    """Keep a draft of the current question unless a newer one is stored; refuses as `submit` does."""
    async with services.pool.acquire() as conn, conn.transaction():
        at = await lock_own(conn, services, session_id, who)
        with positioned(at):
            check_write(at.lock, request.lock_token)
            check_open(at.progress, index=request.question_index, now=at.now, rules=services.rules)
            check_option(at.questions[request.question_index], request.answer)
        stored = await drafts.save(
            conn,
            session_id,
            question_index=request.question_index,
            revision=request.revision,
            answer=request.answer,
            now=at.now,
        )
        await sessions.touch(conn, session_id, fence=at.row.fence, lock_used=request.lock_token is not None)
    return DraftSaved(revision=stored)
