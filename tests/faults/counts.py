"""How many faults a run makes: the short one what minutes allow, the long one what the promises are held to."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What is counted when it has happened, never when it was meant to."""

    NODE_KILLED = "node SIGKILLs"
    POSTGRES_STOPPED = "PostgreSQL immediate stops"
    VALKEY_KILLED = "Valkey SIGKILLs"
    NODE_FROZEN = "node SIGSTOPs"
    CLOCK_AHEAD = "rounds with a node 300 s ahead"
    CLOCK_BEHIND = "rounds with a node 300 s behind"
    TAKEOVER = "takeovers"
    NEVER_READ = "holders that never read"
    NEVER_CONNECTED = "sockets that never CONNECT"
    BEFORE_MARK = "graders killed after XADD, before the mark"
    BEFORE_COMMIT = "graders killed after the AI, before the commit"
    BEFORE_XACK = "graders killed after the commit, before XACK"
    REDIS_EMPTIED = "Redis emptied"
    GROUP_DESTROYED = "groups destroyed"
    AI_REFUSED = "429s"
    AI_HUNG = "AI calls that hang"
    AI_MALFORMED = "malformed judgements"
    POISON = "poison jobs"
    PUBSUB_SILENCED = "times pub/sub was black-holed"


Tally = Counter[Fault]


@dataclass(frozen=True, slots=True)
class Counts:
    """What one run does; everything but `rounds` is of one round, for the tests that have rounds.

    `never_connect` sockets come in each of `waves`.
    """

    rounds: int
    node_kills: int
    takeovers: int
    contenders: int
    frozen_seconds: int
    never_read: int
    flooding: int
    never_connect: int
    waves: int
    machine_examples: int
    graders_killed: int  # in each of the three windows, over the whole run
    sessions_graded: int  # of ten answers each
    feed_recruiters: int
    dashboards: int  # of each of these recruiters
    feed_sessions: int  # of each: with a hundred questions each, enough for all events
    feed_events: int  # of all of them
    feed_faults: int  # of each kind

    def of_acknowledged_answers(self) -> Tally:
        """The faults of a round of `test_acknowledged_answers_survive`."""
        return Tally(
            {Fault.NODE_KILLED: self.node_kills, Fault.POSTGRES_STOPPED: 1, Fault.VALKEY_KILLED: 1},
        )


SHORT = Counts(
    rounds=1,
    node_kills=2,
    takeovers=60,
    contenders=8,
    frozen_seconds=6,
    never_read=10,
    flooding=3,
    never_connect=200,
    waves=1,
    machine_examples=150,
    graders_killed=2,
    sessions_graded=40,
    feed_recruiters=3,
    dashboards=4,
    feed_sessions=40,
    feed_events=2_000,
    feed_faults=1,
)
LONG = Counts(
    rounds=10,
    node_kills=6,
    takeovers=100,
    contenders=8,
    frozen_seconds=20,
    never_read=50,
    flooding=10,
    never_connect=200,
    waves=8,
    machine_examples=1_500,
    graders_killed=34,
    sessions_graded=500,
    feed_recruiters=5,
    dashboards=10,
    feed_sessions=150,
    feed_events=20_000,
    feed_faults=5,
)


def counts_of(*, long: bool) -> Counts:
    """The counts of this run."""
    return LONG if long else SHORT


def summary(tally: Tally) -> str:
    """What was done, for people."""
    return ", ".join(f"{tally[fault]} {fault}" for fault in Fault if tally[fault])
