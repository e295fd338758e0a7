"""Which node somebody is connected to, as the nodes themselves tell."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.product import Api, Product

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Side:
    """What one node has: open sockets, sessions held by them, and ticks that it has sent so far."""

    sockets: int
    sessions: int
    ticks: int


@dataclass(slots=True)
class Sides:
    """The nodes of a product that one recruiter and one candidate use; of a single node there is nothing to tell."""

    product: Product
    api: Api
    recruiters: int = 0

    async def recruiter_came(self) -> None:
        """Remember the node of the only one who is connected."""
        sides = await self._when(lambda sides: sum(side.sockets for side in sides) == 1)
        self.recruiters = [side.sockets for side in sides].index(1)

    async def are_two(self) -> bool:
        """Whether the candidate, who is in an interview, is on another node than the recruiter."""
        if len(self.product.nodes) == 1:
            return True
        before = await self._look()
        # Ticks, for a page that was reloaded a moment ago has left nothing behind in them.
        after = await self._when(lambda sides: sum(_ticking(before, sides)) > 0)
        return not _ticking(before, after)[self.recruiters]

    async def stayed_two(self) -> None:
        """Assert that the recruiter's node has one socket and no session, and the other one the candidate's."""
        if len(self.product.nodes) == 1:
            return
        expected = [(1, 1), (1, 1)]
        expected[self.recruiters] = (1, 0)
        await self._when(lambda sides: [(side.sockets, side.sessions) for side in sides] == expected)

    async def _when(self, true: Callable[[Sequence[Side]], bool]) -> Sequence[Side]:
        """Wait until it is so; raises AssertionError with what is there instead."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_SECONDS
        while not true(sides := await self._look()):
            assert loop.time() < until, f"what the nodes have: {sides}"
            await asyncio.sleep(0.1)
        return sides

    async def _look(self) -> Sequence[Side]:
        return [await self._ask(node) for node in self.product.nodes]

    async def _ask(self, node: str) -> Side:
        async with self.api.session.get(f"{node}/metrics") as response:
            text = await response.text()
        found = {
            (sample.name, sample.labels.get("outcome")): int(sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name.startswith("interlock_")
        }
        return Side(
            sockets=found["interlock_connections", None],
            sessions=found["interlock_held_sessions", None],
            ticks=found["interlock_ticks_total", "sent"],
        )


def _ticking(before: Sequence[Side], after: Sequence[Side]) -> list[bool]:
    return [now.ticks > then.ticks for then, now in zip(before, after, strict=True)]
