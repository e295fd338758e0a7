"""A child process of a measurement."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from db.embedded.process import dying_with_parent
from tests.processes import environment

LAST_WORDS = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Child:
    """A program that runs until it is ended, or until we end."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    url: str = ""

    @property
    def pid(self) -> int:
        """Its id."""
        return self.process.pid

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens: host and port."""
        where = urlsplit(self.url)
        return where.hostname or "", where.port or 0

    @property
    def last_words(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text("utf-8", "replace")[-LAST_WORDS:]

    def check(self) -> None:
        """Raise RuntimeError with its last words where it has ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.last_words}")

    def end(self) -> None:
        """End it at once, as nothing of its clean end is measured; harmless where it has ended."""
        self.process.kill()
        self.process.wait()


def spawn(
    name: str, command: Sequence[str], *, settings: Mapping[str, str], log: Path, url: str = ""
) -> Child:
    """Start a program, with our environment but for our settings; from the main thread only."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            env=environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGKILL),  # noqa: PLW1509 - from the main thread only
        )
    return Child(name, process, log, url)
