"""Which addresses a webhook may lead to: the whole internet, and of everything else only what the operator lists."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# What is sent to these is translated into IPv4, and so reaches whatever address stands in their last 32 bits.
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))


def may_be_reached(address: str, *, allowed: Collection[Network]) -> bool:
    """Whether a webhook may lead to this IP address; raises ValueError for what is none."""
    reached = _reached(ip_address(address.partition("%")[0]))
    if any(reached in network for network in allowed if network.version == reached.version):
        return True
    return reached.is_global and not reached.is_multicast


def _reached(address: Address) -> Address:
    """The address that is really talked to: IPv6 has several ways to write an IPv4 address."""
    if isinstance(address, IPv4Address):
        return address
    embedded = address.ipv4_mapped or address.sixtofour
    if embedded is None and address.teredo is not None:
        embedded = address.teredo[1]
    if embedded is None and any(address in network for network in _TRANSLATED) and int(address) > 1:
        embedded = IPv4Address(int(address) & 0xFFFFFFFF)
    return embedded or address
