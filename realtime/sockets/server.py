"""The Socket.IO server: only known events are dispatched, and every refusal becomes an ack in one place."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
import socketio
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from socketio import packet

from realtime.contracts.events import CANDIDATE, RECRUITER
from realtime.contracts.problems import invalid_body
from realtime.domain.errors import InvalidBody, Refusal, UnknownEvent
from realtime.sockets.wire import PING_SECONDS, PONG_SECONDS, EngineServer, Wire
from realtime.unexpected import refusal_of

EVENT, ACK = str(packet.EVENT), str(packet.ACK)
PACKET_BYTES = 128 * 1024

Handler = Callable[[str, Any], Awaitable[BaseModel]]


class Packets:
    """JSON as python-socketio wants it."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        """Write."""
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        """Read."""
        return orjson.loads(text)


class Server(socketio.AsyncServer):  # type: ignore[misc]
    """A Socket.IO server that dispatches nothing but what its namespaces list, one event of a client at a time."""

    def __init__(self) -> None:
        super().__init__(
            async_mode="aiohttp",
            namespaces=[CANDIDATE, RECRUITER],  # else `/` would be open to anybody
            async_handlers=False,  # one client's events in their order
            transports=["websocket"],
            cors_allowed_origins="*",  # origins are judged before any upgrade, in realtime.http.guard
            max_http_buffer_size=PACKET_BYTES,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            monitor_clients=False,  # the wires are looked after by realtime.clockwork
            json=Packets,
            logger=False,
            engineio_logger=False,
        )

    @property
    def engine(self) -> EngineServer:
        """The Engine.IO server below."""
        engine: EngineServer = self.eio
        return engine

    def wire_of(self, sid: str, namespace: str) -> Wire | None:
        """The connection of a client in a namespace; None where it has gone."""
        return self.engine.wires.get(self.manager.eio_sid_from_sid(sid, namespace))

    def _engineio_server_class(self) -> type[EngineServer]:
        return EngineServer

    async def tell(self, sid: str, namespace: str, event: str, payload: BaseModel, **omitted: Any) -> None:
        """Send an event to one client, encoded once and by us; python-socketio looks through it for attachments first."""
        eio_sid = self.manager.eio_sid_from_sid(sid, namespace)
        if eio_sid is not None:
            body = to_json(payload, by_alias=True, **omitted).decode()
            await self.engine.send(eio_sid, event_packet(namespace, event, body))

    async def _handle_event(self, eio_sid: str, namespace: str, id: int | None, data: Any) -> None:  # noqa: A002
        # a client may name any event, `connect` and `disconnect` included: what is not listed never gets to a handler
        served = self.namespace_handlers.get(namespace or "/")
        if not isinstance(served, Namespace):
            return
        name = data[0] if isinstance(data, list) and data else None
        if isinstance(name, str) and name in served.handlers:
            sid = self.manager.sid_from_eio_sid(eio_sid, namespace)
            if sid is None:  # it has not connected, or not any more
                return
            answer = await served.answer(name, sid, data[1:])
        else:
            answer = orjson.dumps(refused(UnknownEvent(f"This namespace has no event {str(name)[:50]!r}")))
        if id is not None:
            await self.engine.send(eio_sid, f"{ACK}{namespace},{id}[{answer.decode()}]")


class Namespace(socketio.AsyncNamespace):  # type: ignore[misc]
    """A namespace whose events are a table of models and handlers."""

    def __init__(self, name: str, handlers: Mapping[str, tuple[type[BaseModel], Handler]]) -> None:
        super().__init__(name)
        self.handlers = dict(handlers)

    async def answer(self, event: str, sid: str, sent: list[Any]) -> bytes:
        """Parse, call, answer with JSON; anything unexpected is logged and answered, and the connection goes on."""
        model, handler = self.handlers[event]
        try:
            reply = to_json(await handler(sid, parse(model, sent)), by_alias=True)
        except Exception as error:  # noqa: BLE001 - the outermost: whatever happens is answered
            return orjson.dumps(refused(refusal_of(error, doing=event)))
        return b'{"ok":true}' if reply == b"{}" else b'{"ok":true,' + reply[1:]


def event_packet(namespace: str, event: str, body: str) -> str:
    """An event as Socket.IO spells it; `body` is its payload's JSON."""
    return f'{EVENT}{namespace},["{event}",{body}]'


def parse(model: type[BaseModel], sent: list[Any]) -> BaseModel:
    """Read the one object that an event takes; raises InvalidBody with every fault."""
    if len(sent) != 1 or not isinstance(sent[0], dict):
        raise InvalidBody(errors=[{"path": "", "message": "an event takes exactly one object"}])
    try:
        return model.model_validate_json(orjson.dumps(sent[0]))
    except ValidationError as error:
        raise invalid_body(error) from None
    except (TypeError, ValueError):  # an attachment, or text that is no Unicode
        raise InvalidBody(errors=[{"path": "", "message": "must be plain JSON"}]) from None


def refused(refusal: Refusal) -> dict[str, Any]:
    """A refusal as an ack."""
    return {
        "ok": False,
        "code": refusal.code,
        "message": refusal.title,
        "detail": refusal.detail,
    } | refusal.facts
