"""Cameras that give one picture for each HTTP request; the bytes go on as they are, with the type they were called."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from connectors.cameras.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connectors.clock import Now

TIMEOUT_S = 10.0
MAX_BYTES = 8 * 1024 * 1024
"""As the flow takes them: what is larger is no frame of a camera."""


class TooBigError(RuntimeError):
    """The camera sent more than MAX_BYTES."""


def pictures(address: str, rate_per_s: float, now: Now, stopping: Callable[[], bool]) -> Iterator[Picture]:
    """Ask again and again, at most `rate_per_s`; raises httpx.HTTPError or TooBigError."""
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
        while not stopping():
            began = time.monotonic()
            yield _one(client, address, now)
            while not stopping() and (left := began + 1 / rate_per_s - time.monotonic()) > 0:
                time.sleep(min(left, 0.2))


def _one(client: httpx.Client, address: str, now: Now) -> Picture:
    with client.stream("GET", address) as response:
        response.raise_for_status()
        data = bytearray()
        for part in response.iter_bytes():
            data += part
            if len(data) > MAX_BYTES:
                msg = f"expected at most {MAX_BYTES} bytes, the camera sends more"
                raise TooBigError(msg)
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Picture(now(), content_type, bytes(data))
