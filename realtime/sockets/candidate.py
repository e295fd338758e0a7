"""The `/candidate` namespace: join, answer, draft, signal, clock."""

from dataclasses import dataclass
from typing import Any

from socketio.exceptions import ConnectionRefusedError as Refused

from realtime.auth import Identity, Verifier
from realtime.clock import NodeClock
from realtime.contracts.base import millis
from realtime.contracts.candidate import DraftSaved, Submitted, SubmittedLast
from realtime.contracts.events import (
    CANDIDATE,
    CANDIDATE_CLIENT,
    ClockAck,
    JoinedAck,
    JoinSession,
    Ok,
    ReportSignal,
    SaveDraftEvent,
    SubmitAnswerEvent,
    SyncClock,
)
from realtime.domain.errors import Refusal, SessionHeld, Unauthenticated, WrongRole
from realtime.sockets.hub import Hub
from realtime.sockets.server import Handler, Namespace, Server, refused
from realtime.usecases import draft, join, signal, submit
from realtime.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Door:
    """Who may connect: the one place where a socket's token is checked."""

    server: Server
    verifier: Verifier

    async def admit(self, namespace: str, sid: str, auth: Any, *, role: str) -> Identity:
        """Identify a connection; raises what python-socketio answers as connect_error."""
        token = auth.get("token") if isinstance(auth, dict) else None
        try:
            if not isinstance(token, str):
                raise Unauthenticated("Connect with auth: {token}")
            identity = await self.verifier.identify(token)
            if identity.role != role:
                raise WrongRole
        except Refusal as refusal:
            answer = refused(refusal)
            raise Refused(answer["message"], answer) from None
        wire = self.server.wire_of(sid, namespace)
        if wire is not None:
            wire.connected = True
        return identity

    def settle(self, namespace: str, sid: str) -> None:
        """A connection has what it came for."""
        wire = self.server.wire_of(sid, namespace)
        if wire is not None:
            wire.settle()


class CandidateNamespace(Namespace):
    """Events of candidates; each connection holds at most one session."""

    def __init__(self, *, services: Services, hub: Hub, door: Door, clock: NodeClock) -> None:
        handlers: dict[str, Handler] = {
            "join_session": self._join,
            "submit_answer": self._submit,
            "save_draft": self._draft,
            "report_signal": self._signal,
            "sync_clock": self._clock_sync,
        }
        super().__init__(
            CANDIDATE, {name: (CANDIDATE_CLIENT[name][0], handler) for name, handler in handlers.items()}
        )
        self._services = services
        self._hub = hub
        self._door = door
        self._clock = clock
        self._identities: dict[str, Identity] = {}

    async def on_connect(self, sid: str, _environ: dict[str, Any], auth: Any = None) -> None:
        """Admit a candidate."""
        self._identities[sid] = await self._door.admit(CANDIDATE, sid, auth, role="candidate")

    async def on_disconnect(self, sid: str, _reason: str | None = None) -> None:
        """Let go of what the connection held, at once."""
        self._identities.pop(sid, None)
        held = self._hub.drop(sid)
        if held is not None:
            # beside, so that a database that is away for the moment never blocks the end of a connection
            self._hub.spawn(self._hub.let_go(held.session_id, held.fence))

    def _who(self, sid: str) -> Identity:
        identity = self._identities.get(sid)
        if identity is None:  # the connection ended while its event waited
            raise Unauthenticated
        return identity

    async def _join(self, sid: str, request: JoinSession) -> JoinedAck:
        try:
            return await self._hold(sid, request)
        finally:
            self._door.settle(CANDIDATE, sid)

    async def _hold(self, sid: str, request: JoinSession) -> JoinedAck:
        who = self._who(sid)
        joined = await join.join(
            self._services,
            who=who,
            session_id=request.session_id,
            sid=sid,
            resume_token=request.resume_token,
            takeover=request.takeover,
        )
        kept = await self._hub.hold(joined, sid)
        if (
            not kept or sid not in self._identities
        ):  # overtaken by a newer join, or gone while this one was under way
            self._hub.drop(sid)
            await self._hub.let_go(request.session_id, joined.fence)
            raise SessionHeld(can_take_over=True, current_question_index=joined.at.progress.index)
        return JoinedAck(
            lock_token=joined.lock_token,
            resume_token=joined.resume_token,
            token=joined.token,
            session=joined.session,
        )

    async def _submit(self, sid: str, request: SubmitAnswerEvent) -> Submitted | SubmittedLast:
        return await submit.submit(
            self._services, who=self._who(sid), session_id=request.session_id, request=request
        )

    async def _draft(self, sid: str, request: SaveDraftEvent) -> DraftSaved:
        return await draft.save_draft(
            self._services, who=self._who(sid), session_id=request.session_id, request=request
        )

    async def _signal(self, sid: str, request: ReportSignal) -> Ok:
        await signal.report(self._services, who=self._who(sid), request=request)
        return Ok()

    async def _clock_sync(self, sid: str, request: SyncClock) -> ClockAck:
        self._who(sid)
        return ClockAck(client_time_ms=request.client_time_ms, server_time_ms=millis(self._clock.now()))
