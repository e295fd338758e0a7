"""Our own tokens: only what we signed, for us, in time, gets in; everything else is one and the same 401."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from realtime.auth import Identity, Verifier, issue_token
from realtime.settings import SettingsError
from tests.unit.tokens import (
    AUDIENCE,
    ISSUER,
    NO_POOL,
    NOW,
    SECRET,
    USER,
    claims,
    refused,
    settings,
    signed,
    verifier,
)


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
    ids="-".join,
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
