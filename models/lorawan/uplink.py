"""An uplink event of ChirpStack v4 (topic `application/ID/device/DEV_EUI/event/up`, JSON of Protobuf).

Protobuf leaves out what is zero: a missing fCnt is 0. It does not leave zeros out of `object`, which is the codec's own; some
codecs do, and only a profile that says so (`zero_when_missing`) makes a missing field 0.
"""

from __future__ import annotations

import codecs
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec

from models.envelope.reading import Count, Zoned
from models.envelope.refusal import once

MAX_BYTES = 64 * 1024
"""An uplink heard by ten gateways has about 5 kB."""
APART = timedelta(minutes=5)
"""Gateway and network server hear of an uplink within seconds: further apart, one clock is wrong, and the server's is the one
that a commune can see to. What a gateway kept while its own link was away (not ChirpStack's default) is therefore told by the server's time too."""


FIRST = datetime(2015, 1, 1, tzinfo=UTC)
"""The first LoRaWAN specification is of January 2015."""


class Measured(NamedTuple):
    """When an uplink was measured; `wrong` is the gateway's time where that was not believed."""

    at: datetime
    wrong: datetime | None


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
    f_cnt: Count | None = 0
    data: str | None = None
    object: dict[str, Any] | None = None
    rx_info: list[Heard | None] | None = None

    def at(self, arrived: datetime) -> Measured:
        """When it was measured: the gateway's time; where it has none, or a wrong one, the server's, else ours.

        Wrong: more than APART from the server's. Without the server's (ChirpStack before 4.6) only what cannot be: before
        LoRaWAN was, or ahead of us. The server's stays the same when the message comes twice; ours would make two of one.
        """
        heard = [
            heard.ns_time for heard in self.rx_info or () if heard is not None and heard.ns_time is not None
        ]
        server = min(heard, default=None)
        if self.time is None:
            return Measured(server or arrived, None)
        wrong = (
            abs(self.time - server) > APART
            if server is not None
            else self.time < FIRST or self.time - arrived > APART
        )
        return Measured(server or arrived, self.time) if wrong else Measured(self.time, None)


_decode = msgspec.json.Decoder(Uplink).decode


def decode(payload: bytes) -> Uplink:
    """An uplink from its bytes. Raises as models.telemetry.check.decode."""
    payload = payload.removeprefix(codecs.BOM_UTF8)
    found = _decode(payload)
    once(payload)
    return found
