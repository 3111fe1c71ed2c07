"""An uplink event of ChirpStack v4 (topic `application/ID/device/DEV_EUI/event/up`, JSON of Protobuf).

Protobuf leaves out what is zero: a missing fCnt is 0. It does not leave zeros out of `object`, which is the codec's own; some
codecs do, and only a profile that says so (`zero_when_missing`) makes a missing field 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from models.telemetry.reading import Count, Zoned

MAX_BYTES = 64 * 1024
"""An uplink heard by ten gateways has about 5 kB."""


class Heard(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One gateway that heard it; `ns_time` is when the network server took it (ChirpStack 4.6 and later)."""

    ns_time: Zoned | None = None


class DeviceInfo(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Whose it is."""

    dev_eui: str


class Uplink(msgspec.Struct, frozen=True, rename="camel"):
    """The fields that we need; all others may come and go."""

    deduplication_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    device_info: DeviceInfo
    time: Zoned | None = None
    f_cnt: Count = 0
    data: str | None = None
    object: dict[str, Any] | None = None
    rx_info: list[Heard] = []

    def at(self, arrived: datetime) -> datetime:
        """When it was measured: the gateway's time; none where it has no clock, then the server's, then ours.

        The server's stays the same when the message comes twice; ours would make two readings of one.
        """
        heard = [one.ns_time for one in self.rx_info if one.ns_time is not None]
        return self.time or min(heard, default=arrived)


decode = msgspec.json.Decoder(Uplink).decode
