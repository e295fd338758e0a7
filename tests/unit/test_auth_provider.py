"""An outside identity provider: it says who somebody is, its published keys prove it, and we say what they may."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pydantic import SecretStr

from db import users
from db.pool import Pool
from realtime.auth import Identity, Verifier
from realtime.domain.errors import Unavailable
from realtime.jwks import KeySet, usable_keys
from tests.unit.tokens import AUDIENCE, ISSUER, NO_POOL, NOW, SECRET, USER, claims, refused, signed, verifier


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


def outside(provider: Provider, pool: Any = NO_POOL, **changes: Any) -> Verifier:
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
    ids="-".join,
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
