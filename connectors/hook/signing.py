"""How calls are signed in both directions: Standard Webhooks 1.0, for which receivers find a library in any language.

The header webhook-signature holds `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several may stand there with a
space between them. The key is `whsec_` and the base64 of its bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from connectors import http

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connectors.settings import Settings

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX, VERSION = "whsec_", "v1,"
WINDOW = timedelta(minutes=5)
"""A call whose timestamp is further from our clock is a repetition by a stranger, or a clock is wrong."""


def key_of(settings: Settings) -> bytes:
    """The key in the secret file hook.json; raises ValueError that says what was expected, never what was found."""
    path = settings.secrets_dir / "hook.json"
    written = str(http.secret(path).get("key", ""))
    try:
        key = base64.b64decode(written.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not written.startswith(PREFIX) or not key:
        msg = f"{path}: key: cần whsec_ và base64 (expected whsec_ and base64)"
        raise ValueError(msg)
    return key


def signed(key: bytes, name: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a call: `name` is the same at every repetition."""
    stamp = str(round(at.timestamp()))
    return {ID: name, TIMESTAMP: stamp, SIGNATURE: VERSION + _mac(key, name, stamp, body)}


def is_signed(key: bytes, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the signatures in the headers (names in lower case) is ours."""
    wanted = VERSION + _mac(key, headers.get(ID, ""), headers.get(TIMESTAMP, ""), body)
    given = headers.get(SIGNATURE, "").split(" ")
    return any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given)


def _mac(key: bytes, name: str, stamp: str, body: bytes) -> str:
    text = f"{name}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
