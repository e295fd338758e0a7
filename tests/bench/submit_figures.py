"""What the windows of a run say, side by side."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.figures import Bar, Figure, of_medians
from tests.bench.submit_load import Window


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that every window tells; `bar` is for ours over HTTP beside the ordinary peer."""

    name: str
    unit: str
    read: Callable[[Window], float]
    bar: Bar | None = None


ROWS = (
    Row("graded answers a second", "", lambda window: window.rate, Bar(">=", 1.5, goal=2.0)),
    Row(
        "CPU of server and graders, an answer",
        "ms",
        lambda window: window.cpu_ms("server", "background"),
        Bar("<=", 0.7),
    ),
    Row("CPU of the server, an answer", "ms", lambda window: window.cpu_ms("server")),
    Row("CPU of the graders, an answer", "ms", lambda window: window.cpu_ms("background")),
    Row("CPU of PostgreSQL, an answer", "ms", lambda window: window.cpu_ms("postgres")),
    Row("CPU of Valkey, an answer", "ms", lambda window: window.cpu_ms("valkey")),
    Row("CPU of the clients", "cores", lambda window: window.cores("clients")),
    Row("CPU of others meanwhile", "cores", lambda window: window.cores("others")),
    Row("receipt p50", "ms", lambda window: window.submit_ms(0.5)),
    Row("receipt p99", "ms", lambda window: window.submit_ms(0.99), Bar("<=", 0.6)),
    Row("recruiter sees it p50", "ms", lambda window: window.evaluated_ms(0.5)),
    Row("recruiter sees it p99", "ms", lambda window: window.evaluated_ms(0.99), Bar("<=", 0.6)),
)
# Which windows of ours stand beside which of a peer's, and whether the bars are for them.
PAIRS = (
    ("http", "HTTP", "node", "Node", True),
    ("http", "HTTP", "tuned", "Node, tuned", False),
    ("socket", "Socket.IO", "node", "Node", False),
)


def compare(windows: dict[str, list[Window]]) -> list[Figure]:
    """Make figures of the medians of all rounds, ours beside the peers'."""
    clients = "submit, 32 clients"
    return [
        of_medians(
            f"{clients}, {way}: {row.name}",
            unit=row.unit,
            samples=[row.read(window) for window in windows[ours]],
            peer=peer_name,
            peer_samples=[row.read(window) for window in windows[peer]],
            bar=row.bar if barred else None,
        )
        for ours, way, peer, peer_name, barred in PAIRS
        for row in ROWS
    ]


def judge_steady(window: Window, *, rate: float) -> list[Figure]:
    """Make figures of ours at a steady rate, which has bars of its own."""
    name = f"submit, {rate:.0f} answers a second"
    return [
        Figure(f"{name}: receipt p50", "ms", window.submit_ms(0.5)),
        Figure(f"{name}: receipt p99", "ms", window.submit_ms(0.99)),
        Figure(f"{name}: recruiter sees it p50", "ms", window.evaluated_ms(0.5), bar=Bar("<=", 20)),
        Figure(f"{name}: recruiter sees it p99", "ms", window.evaluated_ms(0.99), bar=Bar("<=", 80)),
        Figure(f"{name}: CPU of others meanwhile", "cores", window.cores("others")),
    ]
