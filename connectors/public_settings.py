"""Settings of what everybody hears and reads: the CAP feed and the loudspeakers."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from connectors.ports import PortSettings
from models.cap.names import SENDER


class PublicSettings(PortSettings):
    """Who tells the public, and how it is spoken."""

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

    @field_validator("cap_sender")
    @classmethod
    def _a_sender(cls, written: str) -> str:
        if re.match(SENDER, written) is None:
            msg = f"cần một tên không có dấu cách, dấu phẩy, < và & (expected a name without space, comma, < and &), found {written!r}"
            raise ValueError(msg)
        return written
