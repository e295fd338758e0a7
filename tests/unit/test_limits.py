"""Whose request it is: what is believed of X-Forwarded-For, and whose word."""

from ipaddress import ip_network

import pytest

from realtime.http.limits import address_of

OURS = [ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32"), ip_network("::1/128")]


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.1"], "198.51.100.7"),  # a client's own word
        ("127.0.0.1", ["203.0.113.1"], "203.0.113.1"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
        (
            "10.1.2.3",
            ["6.6.6.6, 203.0.113.1, 10.9.9.9"],
            "203.0.113.1",
        ),  # what stands left of it, the client wrote
        ("10.1.2.3", ["6.6.6.6", "203.0.113.1"], "203.0.113.1"),
        ("10.1.2.3", ["not an address"], "not an address"),
        ("10.1.2.3", [], "10.1.2.3"),
        (None, [], ""),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_counts(
    peer: str | None, told: list[str], address: str
) -> None:
    assert address_of(peer, told, OURS) == address


def test_nobody_is_believed_where_no_proxy_is_trusted() -> None:
    assert address_of("127.0.0.1", ["203.0.113.1"], []) == "127.0.0.1"
