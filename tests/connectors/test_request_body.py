"""A request's body is taken up to a size; what is longer is refused before it is all there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from connectors.request_body import TooBigError, body_of


def request(chunks: list[bytes], asked: list[bytes]) -> Request:
    """A request whose body comes in these chunks; `asked` has those that were read."""
    left = list(chunks)

    async def receive() -> dict[str, Any]:
        asked.append(left.pop(0))
        return {"type": "http.request", "body": asked[-1], "more_body": bool(left)}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-length", b"1")]}, receive)


BODIES = [
    pytest.param([b""], id="none"),
    pytest.param([b"1234"], id="just as long as may be"),
    pytest.param([b"12", b"34"], id="in pieces"),
]


@pytest.mark.parametrize("chunks", BODIES)
def test_what_is_short_enough_is_taken_whole(chunks: list[bytes]) -> None:
    assert asyncio.run(body_of(request(chunks, []), 4)) == b"".join(chunks)


def test_what_is_too_long_is_not_read_to_its_end() -> None:
    asked: list[bytes] = []

    with pytest.raises(TooBigError, match="at most 4 bytes"):
        asyncio.run(body_of(request([b"123", b"45", b"6", b"7"], asked), 4))
    assert asked == [b"123", b"45"]
