"""Webhooks without a network: signatures, addresses, Retry-After and URLs."""

import base64
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from consumers.backoff import Retry, after_failure
from consumers.posting import ANSWER_SECONDS, REFUSALS, retry_after
from consumers.signing import signed_headers
from consumers.webhooks import MOST_REFUSED, MOST_UNWELL
from realtime.contracts.webhooks import AddWebhook
from realtime.domain.addresses import may_be_reached
from realtime.http.openapi_webhooks import ABOUT
from realtime.settings import SettingsError, read_settings
from realtime.usecases.webhooks import OVERLAP

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def test_a_signature_is_that_of_standard_webhooks() -> None:
    """The published example of the specification's libraries."""
    headers = signed_headers(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=1614265330,
        body=b'{"test": 2432232314}',
        secrets=[base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_secret_signs_and_nothing_signed_can_be_changed() -> None:
    def signatures(message_id: str = "a", at: int = 1, body: bytes = b"{}") -> list[str]:
        headers = signed_headers(message_id=message_id, at=at, body=body, secrets=[b"one", b"two"])
        return headers["webhook-signature"].split(" ")

    first, second = signatures()
    assert first != second
    assert not {first, second} & {*signatures("b"), *signatures(at=2), *signatures(body=b"{ }")}


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        # IPv4 addresses in IPv6's clothes
        *("::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "2002:7f00:1::"),
    ],
)
def test_addresses_that_are_not_public_may_not_be_reached(address: str) -> None:
    assert not may_be_reached(address, allowed=())


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_public_addresses_may_be_reached(address: str) -> None:
    assert may_be_reached(address, allowed=())


def test_what_is_listed_may_be_reached_and_no_more() -> None:
    allowed = (ip_network("10.1.0.0/16"), ip_network("fc00:1::/32"))
    assert may_be_reached("10.1.2.3", allowed=allowed)
    assert may_be_reached("::ffff:10.1.2.3", allowed=allowed)
    assert may_be_reached("fc00:1::5", allowed=allowed)
    assert not may_be_reached("10.2.0.1", allowed=allowed)
    assert not may_be_reached("fc00:2::5", allowed=allowed)
    assert not may_be_reached("127.0.0.1", allowed=allowed)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120),
        ("0", 0),
        ("Sun, 22 Nov 2026 10:16:30 GMT", 90),
        ("Sun, 22 Nov 2026 10:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_as_seconds_and_as_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, now=NOW) == seconds


@pytest.mark.parametrize(
    "url", ["https://a.test", "http://a.test:8080/hook?key=1", "https://[2606:4700::1111]/x"]
)
def test_web_addresses_are_taken_as_they_are(url: str) -> None:
    assert AddWebhook(url=url).url == url


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://a.test", "file:///etc/passwd", "javascript:alert(1)", "a.test/hook", "", "https://"),
        *(
            "https://a.test/#x",
            "https://me@a.test/",
            "https://a.test/ b",
            "https://a.test/\n",
            "https://[::1",
        ),
        *("https://a.test:99999/", "https://a.test/" + "x" * 2_000, "https://a.test/\x00"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        AddWebhook(url=url)


def test_private_networks_are_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLOCK_WEBHOOK_PRIVATE_NETWORKS", "10.0.0.0/8, 127.0.0.1")
    networks = read_settings(env_file=None).webhook_private_networks
    assert [str(network) for network in networks] == ["10.0.0.0/8", "127.0.0.1/32"]
    monkeypatch.setenv("INTERLOCK_WEBHOOK_PRIVATE_NETWORKS", "inside")
    with pytest.raises(SettingsError, match="INTERLOCK_WEBHOOK_PRIVATE_NETWORKS"):
        read_settings(env_file=None)


def test_the_document_says_what_is_really_done() -> None:
    refusals = sorted(REFUSALS)
    assert f"within {ANSWER_SECONDS:g} seconds" in ABOUT
    assert f"after {MOST_UNWELL} attempts" in " ".join(ABOUT.split())
    assert (
        f"after {MOST_REFUSED} where you answer {', '.join(map(str, refusals[:-1]))} or {refusals[-1]}"
        in ABOUT
    )
    assert f"for {OVERLAP.total_seconds() / 3600:g} hours" in ABOUT


def test_giving_up_takes_about_as_long_as_is_said() -> None:
    def hours(most: int) -> float:
        steps = (
            after_failure(failures=failures, most=most, asked=None, chance=0.5) for failures in range(1, most)
        )
        return sum(step.delay for step in steps if isinstance(step, Retry)) / 3600

    assert 2.25 < hours(MOST_UNWELL) < 2.75
    assert hours(MOST_REFUSED) < 2 / 60
