"""Ports for servers that tests start."""

from random import randrange

from db.embedded.directory import is_free

FIRST, LAST = 20_000, 32_000  # below those that the kernel gives to connections


def free_ports(number: int) -> range:
    """Neighbouring ports that nobody listens on now."""
    while True:
        first = randrange(FIRST, LAST)
        ports = range(first, first + number)
        if all(is_free(port) for port in ports):
            return ports
