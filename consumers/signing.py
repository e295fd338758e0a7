"""Signatures of webhooks, in the form of Standard Webhooks: what a receiver checks before it believes a delivery."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def signed_headers(*, message_id: str, at: int, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The three headers of a delivery at `at` (Unix seconds): one signature a secret, so that either of two is enough."""
    content = f"{message_id}.{at}.".encode() + body
    return {
        ID: message_id,
        TIMESTAMP: str(at),
        SIGNATURE: " ".join(f"v1,{_signature(content, secret)}" for secret in secrets),
    }


def _signature(content: bytes, secret: bytes) -> str:
    return base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()
