"""LoRaWAN devices and what their codec's object means: `lorawan.yaml` of the commune's folder."""

from __future__ import annotations

from typing import Annotated

import msgspec

from models.catalogue.units import canonical

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the codec's object: `name` (dots lead into objects within), and the parameter and unit that it is.

    `zero_when_missing`: this codec leaves a zero out, so a missing field is 0. Only then: else it is refused by name, unless it is
    `optional`: this device does not send it each time.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    parameter: str
    unit: str
    zero_when_missing: bool = False
    optional: bool = False

    def __post_init__(self) -> None:
        """Whatever spelling the file has, the rest of the house knows one."""
        msgspec.structs.force_setattr(self, "unit", canonical(self.unit))


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device profile: one kind of device with its codec."""

    code: Code
    fields: Annotated[list[Field], msgspec.Meta(min_length=1)]


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device by its DevEUI (16 hexadecimal digits), the station whose values it sends, and its profile."""

    dev_eui: str
    station: Code
    profile: Code
