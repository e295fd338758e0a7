"""The whole product as `interlock up` runs it, and people with browsers who use it."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from tests.processes import environment

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
READY_SECONDS = 60


def chromium() -> str:
    """Where Debian's Chromium is."""
    for path in (os.environ.get("CHROMIUM", ""), *CHROMIUM):
        if path and Path(path).exists():
            return path
    raise FileNotFoundError(
        "no Chromium: install Debian's package `chromium`, or run ./deploy/test, which does"
    )


@dataclass(slots=True)
class Product:
    """A running `interlock up`: `url` is where people go, `nodes` are where the nodes themselves listen."""

    process: "subprocess.Popen[bytes]"
    url: str
    nodes: list[str]
    place: Path

    @classmethod
    def start(
        cls, place: Path, *, ports: range, consumers: int = 1, url: str | None = None, **settings: str
    ) -> "Product":
        """Start it with a node on each of `ports`, behind `url` where something stands before them."""
        nodes = [f"http://127.0.0.1:{port}" for port in ports]
        url = url or nodes[0]
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "realtime.cli",
                    "up",
                    f"--port={ports[0]}",
                    f"--nodes={len(ports)}",
                    f"--consumers={consumers}",
                    "--data",
                    str(place / "data"),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment(INTERLOCK_LOG_LEVEL="warning", INTERLOCK_PUBLIC_URL=url, **settings),
            )
        return cls(process=process, url=url, nodes=nodes, place=place)

    @property
    def report(self) -> Any:
        """What runs, as up.json tells it."""
        return json.loads((self.place / "data" / "up.json").read_text())

    def stop(self) -> None:
        """Stop it as Ctrl-C would."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


@dataclass(frozen=True, slots=True)
class Api:
    """Calls to the product's HTTP API."""

    url: str
    session: aiohttp.ClientSession

    async def token(self, email: str) -> str:
        """Sign a demo user in."""
        reply = await self._call("POST", "/api/demo/token", None, {"email": email})
        token: str = reply["token"]
        return token

    async def invite(self, *questions: dict[str, Any], **fields: Any) -> str:
        """Make an interview of Rita's with these questions and a new candidate for it; answers their link."""
        rita = await self.token("rita@demo.test")
        wanted = {"title": "A short one", "questions": list(questions)} | fields
        interview = await self._call("POST", "/api/recruiter/interviews", rita, wanted)
        invited = await self._call(
            "POST",
            f"/api/recruiter/interviews/{interview['id']}/invitations",
            rita,
            {"email": f"{uuid4().hex}@people.test", "name": "Katherine Johnson", "max_attempts": 3},
        )
        url: str = invited["url"]
        return url

    async def supervise(self, session_id: str, act: str, **body: Any) -> None:
        """Do something to a session as Rita."""
        rita = await self.token("rita@demo.test")
        await self._call("POST", f"/api/recruiter/sessions/{session_id}/{act}", rita, body or None)

    async def active(self, token: str) -> Any:
        """A candidate's session in progress."""
        return (await self._call("GET", "/api/interviews/active", token))["active_session"]

    async def history(self, token: str) -> Any:
        """A candidate's ended sessions."""
        return await self._call("GET", "/api/interviews/history", token)

    async def _call(self, method: str, path: str, token: str | None, body: Any = None) -> Any:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.session.request(method, self.url + path, headers=headers, json=body) as response:
            reply = await response.json(content_type=None)
            assert response.status < 300, reply
            return reply
