"""Settings of what everybody sees and hears: links in messages, the CAP feed, the loudspeakers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from connectors.ports import PortSettings
from connectors.security import is_loopback
from models.cap.names import SENDER


class PublicSettings(PortSettings):
    """What a proxy of ours publishes, who tells the public, and how it is spoken."""

    page_public_url: str | None = Field(
        default=None,
        description="where a proxy of ours publishes /e/ of the page, e.g. https://x.vn: messages carry a link to it; none: they carry none",
    )
    page_link_h: int = Field(
        default=48, ge=1, le=720, description="hours for which a link to the phone page holds"
    )
    cap_sender: str = Field(
        default="phusa.local",
        description="who sends the CAP messages of /cap/feed.xml, unique in the world: a domain name of the commune",
    )

    loudspeaker_server: str | None = Field(
        default=None,
        description="stands in for the players' own addresses: BASE/ID; none: the local gateway where no real gateway is named",
    )
    announcement_wait_s: float = Field(
        default=3600.0, description="what nobody has approved for so long is not played any more"
    )

    @field_validator("page_public_url")
    @classmethod
    def _public(cls, written: str | None) -> str | None:
        """Without its last slash. By HTTPS: whoever reads a link on its way could answer in the contact's name."""
        if not written:
            return None
        base = written.rstrip("/")
        try:
            parts = urlsplit(base)
            host, bare = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
        except ValueError:
            host = bare = ""
        safe = base.startswith("https://") or (base.startswith("http://") and is_loopback(host))
        if not (safe and host and base.isascii() and base == bare and "@" not in base):
            msg = f"cần địa chỉ không có đường dẫn (expected an address without a path), https://x.vn, found {written!r}"
            raise ValueError(msg)
        return base

    @field_validator("cap_sender")
    @classmethod
    def _a_sender(cls, written: str) -> str:
        if re.match(SENDER, written) is None:
            msg = f"cần một tên không có dấu cách, dấu phẩy, < và & (expected a name without space, comma, < and &), found {written!r}"
            raise ValueError(msg)
        return written
