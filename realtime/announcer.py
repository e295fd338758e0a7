"""Carries word of commits: to the connection that holds a session, wherever it is, and to the relay."""

from collections.abc import Sequence
from uuid import UUID

import orjson

from realtime.contracts.streams import AnswerJob
from realtime.dispatch import Dispatch
from realtime.hints import Hints
from realtime.relay import Relay
from realtime.sockets.hub import Hub
from realtime.usecases.standing import Step


class NodeAnnouncer:
    """A node's announcer; what it says is a hint, the watcher and the polls are sure."""

    def __init__(self, *, node_id: UUID, hints: Hints, relay: Relay, dispatch: Dispatch) -> None:
        self._node_id = node_id
        self._hints = hints
        self._relay = relay
        self._dispatch = dispatch
        self._hub: Hub | None = None

    def attach(self, hub: Hub) -> None:
        """Say who holds sessions here; the hub needs services, which need an announcer."""
        self._hub = hub

    def changed(self, session_id: UUID, holder: UUID | None, step: Step | None = None) -> None:
        """A session changed that a connection on node `holder` may hold; by one `step`, where that is known."""
        if holder == self._node_id and self._hub is not None:
            self._hub.changed(session_id, step)
        elif holder is not None:
            self._hints.say(orjson.dumps({"session": str(session_id), "by": str(self._node_id)}))

    def dispatch(self, jobs: Sequence[AnswerJob]) -> None:
        """There are answers to grade."""
        self._dispatch.send(jobs)

    def wake_relay(self) -> None:
        """There is something to number or to publish."""
        self._relay.wake()

    def overheard(self, hint: object) -> None:
        """Take a hint of another process."""
        if not isinstance(hint, dict):
            return
        self._relay.overheard(hint)
        session_id = hint.get("session")
        if hint.get("by") == str(self._node_id):
            return  # our own word about another node's session
        if isinstance(session_id, str) and self._hub is not None:
            self._hub.changed(UUID(session_id))
