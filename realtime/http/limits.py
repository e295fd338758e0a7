"""Rate limits: per user, and per address only for failed sign-ins."""

import math
import time
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TypeAlias

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from realtime.domain.errors import TooManyRequests

Network: TypeAlias = IPv4Network | IPv6Network

PER_USER = RateLimitItemPerSecond(200)  # four times what a storm of starts or answers by one person can reach
FAILED_SIGN_INS = RateLimitItemPerMinute(60)  # an office behind one address mistypes less than that


def address_of(peer: str | None, forwarded_for: Iterable[str], trusted: Iterable[Network]) -> str:
    """The address that a request came from: the last one in X-Forwarded-For that is no proxy of ours.

    What anybody but a trusted proxy says of it is not believed.
    """
    address = peer or ""
    told = [part.strip() for line in forwarded_for for part in line.split(",") if part.strip()]
    while told and _is_in(address, trusted):
        address = told.pop()
    return address


def _is_in(address: str, networks: Iterable[Network]) -> bool:
    try:
        where = ip_address(address)
    except ValueError:
        return False
    return any(where in network for network in networks)


class Limits:
    """Counts in this process's memory: nodes are few, and the limit is there against loops, not for billing."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def check(self, user: str) -> None:
        """Count a user's request; raises TooManyRequests."""
        await self._hit(PER_USER, user)

    async def failed_sign_in(self, address: str) -> None:
        """Count a failed sign-in of an address; raises TooManyRequests."""
        await self._hit(FAILED_SIGN_INS, address)

    async def _hit(self, item: RateLimitItem, key: str) -> None:
        if await self._limiter.hit(item, key):
            return
        window = await self._limiter.get_window_stats(item, key)
        wait = max(math.ceil(window.reset_time - time.time()), 1)
        raise TooManyRequests(f"Try again in {wait} s", retry_after_seconds=wait)
