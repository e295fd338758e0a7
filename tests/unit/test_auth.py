"""Tokens: only what we or the identity provider signed, for us, in time, gets in; everything else is one and the same 401."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from db import users
from db.pool import Pool
from realtime.auth import Identity, Verifier, issue_token
from realtime.domain.errors import Unauthenticated, Unavailable
from realtime.jwks import KeySet, usable_keys
from realtime.settings import Settings, SettingsError

SECRET = "unit-test-secret-of-more-than-32-bytes"
ISSUER = "https://login.example.test"
AUDIENCE = "interlock"
NOW = datetime.now(UTC)
USER = uuid4()


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **({"jwt_secret": SecretStr(SECRET)} | changes))


NO_POOL: Any = None  # own tokens need no database: any use of it is an AttributeError


def verifier(pool: Any = NO_POOL, **changes: Any) -> Verifier:
    return Verifier(settings=settings(**changes), pool=pool)


def claims(**changes: Any) -> dict[str, Any]:
    told = {
        "sub": str(USER),
        "role": "candidate",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
    } | changes
    return {name: value for name, value in told.items() if value is not ...}


def signed(payload: dict[str, Any], key: Any = SECRET, algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode(payload, key, algorithm=algorithm, headers=header or None)


async def refused(token: str, by: Verifier) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await by.identify(token)
    assert caught.value.detail == Unauthenticated.title  # nothing about why


# Our own ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interview_id", [None, uuid4()])
@pytest.mark.parametrize("configured", [{}, {"jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}])
async def test_an_issued_token_names_its_user(interview_id: UUID | None, configured: dict[str, str]) -> None:
    token = issue_token(
        settings=settings(**configured),
        user_id=USER,
        role="recruiter",
        now=NOW,
        expires_at=NOW + timedelta(hours=1),
        interview_id=interview_id,
    )
    assert await verifier(**configured).identify(token) == Identity(USER, "recruiter", interview_id)
    told = jwt.decode(token, options={"verify_signature": False})
    assert told["exp"] - told["iat"] == 3600
    assert (told.get("iss"), told.get("aud")) == (
        configured.get("jwt_issuer"),
        configured.get("jwt_audience"),
    )


def test_without_a_secret_nothing_is_issued() -> None:
    with pytest.raises(SettingsError, match="INTERLOCK_JWT_SECRET"):
        issue_token(
            settings=settings(jwt_secret=None, jwks_url=ISSUER),
            user_id=USER,
            role="candidate",
            now=NOW,
            expires_at=NOW,
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(NOW.timestamp()) - 1},
        {"exp": ...},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"iat": ...},
        {"iat": int(NOW.timestamp()) + 3600},
        {"iat": "now"},
        {"nbf": int(NOW.timestamp()) + 3600},
        {"sub": ...},
        {"sub": "ada"},
        {"sub": 7},
        {"role": ...},
        {"role": "admin"},
        {"role": ["recruiter"]},
        {"interview_id": "all"},
        {"aud": "someone-else"},
    ],
    ids=str,
)
async def test_claims_that_are_missing_wrong_or_out_of_time_are_refused(changes: dict[str, Any]) -> None:
    # not by PyJWT's encoder, which refuses some of these itself
    body = json.dumps(claims(**changes)).encode()
    await refused(jwt.api_jws.encode(body, SECRET, algorithm="HS256"), verifier())


@pytest.mark.parametrize(
    "changes",
    [{}, {"iss": ISSUER}, {"aud": AUDIENCE}, {"iss": "x", "aud": AUDIENCE}, {"iss": ISSUER, "aud": "x"}],
)
async def test_issuer_and_audience_have_to_be_the_configured_ones(changes: dict[str, Any]) -> None:
    by = verifier(jwt_issuer=ISSUER, jwt_audience=AUDIENCE)
    await refused(signed(claims(**changes)), by)
    assert await by.identify(signed(claims(iss=ISSUER, aud=["other", AUDIENCE]))) == Identity(
        USER, "candidate"
    )


async def test_an_issuing_clock_may_be_minutes_ahead() -> None:
    token = signed(claims(iat=int(NOW.timestamp()) + 300))
    assert await verifier().identify(token) == Identity(USER, "candidate")


async def test_a_token_that_was_good_is_refused_when_its_time_is_over() -> None:
    moment = NOW.timestamp()
    by = Verifier(settings=settings(), pool=NO_POOL, clock=lambda: moment)
    token = signed(claims(exp=int(moment) + 10))
    assert await by.identify(token) == Identity(USER, "candidate")
    moment = int(moment) + 9.999
    assert await by.identify(token) == Identity(USER, "candidate")
    moment += 0.001
    await refused(token, by)


async def test_what_is_remembered_of_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.auth.KNOWN_TOKENS", 2)
    by = verifier()
    tokens = [signed(claims(sub=str(UUID(int=number)))) for number in range(5)]
    for _ in range(2):
        for number, token in enumerate(tokens):
            assert (await by.identify(token)).user_id == UUID(int=number)
    assert len(by._known) == 2


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
async def test_our_secret_knows_one_algorithm(algorithm: str) -> None:
    await refused(signed(claims(), SECRET * 2, algorithm), verifier(jwt_secret=SecretStr(SECRET * 2)))


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE"])
async def test_unsigned_tokens_are_refused(name: str) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": name, "typ": "JWT"}).encode()).rstrip(b"=")
    _, body, signature = signed(claims()).split(".")
    for end in ("", signature):
        await refused(f"{header.decode()}.{body}.{end}", verifier())


async def test_every_changed_character_breaks_a_token() -> None:
    token = signed(claims())
    by = verifier()
    assert await by.identify(token) == Identity(USER, "candidate")
    other_secret = signed(claims(), SECRET[::-1])
    await refused(other_secret, by)
    await refused(".".join([*signed(claims(role="recruiter")).split(".")[:2], token.split(".")[2]]), by)
    for at in range(0, len(token) - 1, 7):  # the very last character has bits that mean nothing
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        await refused(changed, by)


@given(st.text(max_size=60) | st.from_regex(r"[\w-]{1,40}\.[\w-]{0,40}\.[\w-]{0,40}", fullmatch=True))
def test_whatever_is_no_token_is_refused(text: str) -> None:
    asyncio.run(refused(text, verifier()))


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "e30.e30.e30", "\udce9", "é", "x" * 100_000, "[" * 4000]
)
async def test_what_is_no_token_at_all_is_refused(token: str) -> None:
    await refused(token, verifier())


# An identity provider's -----------------------------------------------------------------------------------------


@dataclass
class Provider:
    """An identity provider that publishes its keys over HTTP."""

    keys: list[dict[str, Any]] = field(default_factory=list)
    body: bytes | None = None
    status: int = 200
    fetched: int = 0
    url: str = ""

    async def serve(self, _: web.Request) -> web.Response:
        self.fetched += 1
        body = self.body if self.body is not None else json.dumps({"keys": self.keys}).encode()
        return web.Response(body=body, status=self.status, content_type="application/json")

    def publish(self, key: Any, kid: str | None, **facts: Any) -> None:
        algorithm = {
            rsa.RSAPrivateKey: "RS256",
            ec.EllipticCurvePrivateKey: "ES256",
            ed25519.Ed25519PrivateKey: "EdDSA",
        }
        name = next(name for kind, name in algorithm.items() if isinstance(key, kind))
        jwk = jwt.get_algorithm_by_name(name).to_jwk(key.public_key(), as_dict=True)
        self.keys.append(jwk | ({} if kid is None else {"kid": kid}) | facts)


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
SIGNERS = [("rsa", RSA, "RS256"), ("ec", EC, "ES256"), ("ed", ED, "EdDSA")]


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider()
    app = web.Application()
    app.router.add_get("/keys", provider.serve)
    async with TestServer(app) as server:
        provider.url = str(server.make_url("/keys"))
        for kid, key, _ in SIGNERS:
            provider.publish(key, kid)
        yield provider


def outside(provider: Provider, pool: Any = None, **changes: Any) -> Verifier:
    told = {"jwks_url": provider.url, "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}
    return verifier(pool, **(told | changes))


def theirs(**changes: Any) -> dict[str, Any]:
    told = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "auth0|7", "email": "Ada@Example.test", "email_verified": True,
        "role": ..., "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 600,
    }  # fmt: skip
    return claims(**(told | changes))


@pytest.fixture
async def ada(pool: Pool) -> UUID:
    async with pool.acquire() as conn:
        made = await users.insert(
            conn, user_id=uuid4(), email="ada@example.test", name="Ada", role="recruiter"
        )
    assert made is not None
    return made.id


@pytest.mark.parametrize(("kid", "key", "algorithm"), SIGNERS, ids=[name for name, _, _ in SIGNERS])
@pytest.mark.parametrize("secret", [SecretStr(SECRET), None], ids=["with secret", "without"])
async def test_a_provider_says_who_and_we_say_what(
    provider: Provider, pool: Pool, ada: UUID, kid: str, key: Any, algorithm: str, secret: SecretStr | None
) -> None:
    by = outside(provider, pool, jwt_secret=secret)
    token = signed(theirs(role="candidate", interview_id=str(uuid4())), key, algorithm, kid=kid)
    assert await by.identify(token) == Identity(ada, "recruiter")


async def test_a_bound_subject_stays_the_same_person(provider: Provider, pool: Pool, ada: UUID) -> None:
    by = outside(provider, pool)
    together = await asyncio.gather(
        *(by.identify(signed(theirs(), RSA, "RS256", kid="rsa")) for _ in range(8))
    )
    assert set(together) == {Identity(ada, "recruiter")}
    for later in (
        {"email": "new@example.test"},
        {"email_verified": False},
        {"email": ..., "email_verified": ...},
    ):
        assert (await by.identify(signed(theirs(**later), EC, "ES256", kid="ec"))).user_id == ada
    # the address was given to somebody else: a new subject does not inherit the person
    await refused(signed(theirs(sub="auth0|8"), RSA, "RS256", kid="rsa"), by)


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False},
        {"email_verified": ...},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email": ...},
        {"email": "nobody@example.test"},
        {"email": "no address"},
        {"email": "ada@example.test\x00"},
        {"sub": ...},
        {"sub": ""},
        {"sub": "a\x00b"},
        {"iss": ...},
        {"iss": "https://elsewhere.test"},
        {"aud": ...},
        {"aud": "another-app"},
        {"exp": ...},
        {"exp": int(NOW.timestamp()) - 1},
        {"iat": ...},
    ],
    ids=str,
)
async def test_a_provider_that_does_not_vouch_signs_nobody_in(
    provider: Provider, pool: Pool, ada: UUID, changes: dict[str, Any]
) -> None:
    await refused(signed(theirs(**changes), RSA, "RS256", kid="rsa"), outside(provider, pool))


async def test_a_published_key_is_no_secret(provider: Provider) -> None:
    """Key confusion: HS256 with the public key as the secret, in every form that somebody might feed to an HMAC."""
    by = outside(provider)
    public = RSA.public_key()
    forms = [
        public.public_bytes(encoding, shape)
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)
        for shape in (serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1)
    ]
    forms += [json.dumps(provider.keys[0]).encode(), provider.keys[0]["n"].encode()]
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "rsa"}).encode()).rstrip(b"=")
    for payload in (theirs(), claims(iss=ISSUER, aud=AUDIENCE, role="recruiter")):
        signing = head + b"." + base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=")
        for form in forms:
            signature = jwt.get_algorithm_by_name("HS256").sign(signing, form)
            await refused((signing + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode(), by)
    assert provider.fetched == 0  # nothing was even looked up for an algorithm that no provider has


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
async def test_a_key_has_one_algorithm(provider: Provider, algorithm: str) -> None:
    await refused(signed(theirs(), RSA, algorithm, kid="rsa"), outside(provider))


async def test_a_key_of_another_kind_does_not_match(provider: Provider) -> None:
    by = outside(provider)
    await refused(signed(theirs(), RSA, "RS256", kid="ec"), by)
    await refused(signed(theirs(), EC, "ES256", kid="ed"), by)
    await refused(signed(theirs(), rsa.generate_private_key(65537, 2048), "RS256", kid="rsa"), by)
    await refused(signed(theirs(), RSA, "RS256"), by)  # several keys, and it does not say which


async def test_keys_that_are_not_for_this_are_left_out(provider: Provider) -> None:
    odd = provider.keys[0] | {"kid": {"a": 1}}
    provider.keys.clear()
    provider.publish(RSA, "encrypts", use="enc")
    provider.publish(RSA, "other-alg", alg="RS512")
    provider.publish(rsa.generate_private_key(65537, 1024), "short")
    provider.publish(ec.generate_private_key(ec.SECP384R1()), "p384")
    provider.keys += [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared", "alg": "HS256"},
        {"kty": "RSA", "n": "!", "e": "AQAB", "kid": "broken"},
        {"kty": ["RSA"], "kid": "odd"},
        odd,
    ]
    provider.publish(RSA, "good", alg="RS256", use="sig")
    assert set(usable_keys({"keys": [*provider.keys, "no key", None]})) == {"good", "short"}
    short = rsa.generate_private_key(65537, 1024)
    provider.keys.clear()
    provider.publish(short, "short")
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = signed(theirs(), short, "RS256", kid="short")
    await refused(token, outside(provider))


async def test_keys_are_kept_and_fetched_again_for_a_new_one(
    provider: Provider, pool: Pool, ada: UUID
) -> None:
    by = outside(provider, pool)
    for _ in range(3):
        await by.identify(signed(theirs(), RSA, "RS256", kid="rsa"))
    assert provider.fetched == 1
    new = ec.generate_private_key(ec.SECP256R1())
    provider.publish(new, "new")
    assert (await by.identify(signed(theirs(), new, "ES256", kid="new"))).user_id == ada
    assert provider.fetched == 2
    for stranger in range(20):
        await refused(signed(theirs(), RSA, "RS256", kid=f"unknown-{stranger}"), by)
    assert provider.fetched == 2  # strangers cannot make us hammer the provider


async def test_many_who_wait_for_keys_cause_one_fetch(provider: Provider) -> None:
    keys = KeySet(provider.url)
    found = await asyncio.gather(*(keys.find("rsa") for _ in range(20)))
    assert all(key is not None for key in found)
    assert provider.fetched == 1


async def test_a_withdrawn_key_goes_when_the_set_is_old(provider: Provider) -> None:
    keys = KeySet(provider.url, max_age_seconds=0, retry_seconds=0)
    assert await keys.find("rsa") is not None
    provider.keys = [key for key in provider.keys if key["kid"] != "rsa"]
    assert await keys.find("rsa") is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, None),
        (302, None),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys": 1}'),
        (200, b" " * 2_000_000),
    ],
)
async def test_a_failing_provider_keeps_the_keys_it_gave(
    provider: Provider, status: int, body: bytes | None
) -> None:
    keys = KeySet(provider.url, max_age_seconds=0, retry_seconds=0)
    assert await keys.find("rsa") is not None
    provider.status, provider.body = status, body
    assert await keys.find("rsa") is not None
    assert provider.fetched == 2


async def test_a_provider_that_never_answered_is_an_outage_and_no_verdict(provider: Provider) -> None:
    provider.status = 503
    by = outside(provider)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await by.identify(signed(theirs(), RSA, "RS256", kid="rsa"))
    assert provider.fetched == 1  # and it is left alone for a while
    await refused("no.token.atall", by)
    assert await by.identify(signed(claims(iss=ISSUER, aud=AUDIENCE))) == Identity(USER, "candidate")
