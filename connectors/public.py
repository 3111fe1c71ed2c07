"""Settings of what a proxy of ours publishes to the phones of contacts: the page's address beyond this machine, and how long a link holds."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from connectors.security import is_loopback


class PublicSettings(BaseSettings):
    """The part of the settings that is about links in messages."""

    page_public_url: str | None = Field(
        default=None,
        description="where a proxy of ours publishes /e/ of the page, e.g. https://x.vn: messages carry a link to it; none: they carry none",
    )
    page_link_h: int = Field(
        default=48, ge=1, le=720, description="hours for which a link to the phone page holds"
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
