"""The body of an HTTP request, up to a size: what is longer is not read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request


class TooBigError(Exception):
    """The body has more bytes than are taken; `vi` and `en` say how many are."""

    def __init__(self, most: int) -> None:
        self.vi, self.en = f"quá lớn, tối đa {most} byte", f"too big, at most {most} bytes"
        super().__init__(f"{self.vi} ({self.en})")


async def body_of(request: Request, most: int) -> bytes:
    """The whole body of at most `most` bytes; raises TooBigError as soon as there are more, whatever Content-Length says."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooBigError(most)
    return bytes(body)
