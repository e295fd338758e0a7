"""What Prometheus may ask."""

from prometheus_client import Counter, Gauge, Histogram

TICKS = Counter("interlock_ticks_total", "Ticks by what became of them.", ["outcome"])
HELD = Gauge("interlock_held_sessions", "Sessions that connections of this node hold.")
CONNECTIONS = Gauge("interlock_connections", "Open sockets of this node.")
CUT = Counter("interlock_connections_cut_total", "Connections that were cut, by reason.", ["reason"])
CLOSED = Counter("interlock_questions_closed_total", "Sessions found with a question due to be closed.")
CREDITED = Counter("interlock_outage_credited_sessions_total", "Sessions that had an outage given back.")
REQUESTS = Histogram(
    "interlock_http_request_seconds",
    "HTTP requests by route and status.",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
ADMISSION = Counter(
    "interlock_arrivals_total",
    "Sockets that waited to be let in, or were sent away for a while.",
    ["outcome"],
)
