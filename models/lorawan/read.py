"""From an uplink to readings: which station, which parameters, and in words what could not be used."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from models.lorawan.uplink import MAX_BYTES, Uplink, decode
from models.rejected import Reason, Rejected
from models.telemetry.check import Refusal, unreadable
from models.telemetry.reading import SCHEMA_VERSION, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.lorawan.configuration import Device, Field, Profile

ORIGIN = "lorawan:"
BY = "bridge"
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Sender:
    """The station of a device, and the fields of its profile."""

    station: str
    fields: tuple[Field, ...]


Senders = dict[str, Sender]
"""DevEUI in lower case -> who that is."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an uplink; `key` is ChirpStack's deduplicationId, None where it could not be read.

    `refused`: the number of the field from 1 on (0: the whole uplink) and why. Neither readings nor refusals: an uplink without
    payload, or none of the declared fields in it.
    """

    key: str | None
    readings: tuple[Reading, ...] = ()
    refused: tuple[tuple[int, Refusal], ...] = ()


def senders(devices: Sequence[Device], profiles: Sequence[Profile]) -> Senders:
    """Who may send, from the commune's configuration; a device whose profile is missing is left out."""
    fields = {one.code: tuple(one.fields) for one in profiles}
    return {
        one.dev_eui.lower(): Sender(one.station, fields[one.profile])
        for one in devices
        if one.profile in fields
    }


def read(dev_eui: str, payload: bytes, known: Senders, arrived: datetime) -> Taken:
    """Read an uplink that came on the topic of `dev_eui` at `arrived`. Never raises; `seq` is fCnt."""
    if len(payload) > MAX_BYTES:
        words = f"Bản tin quá lớn, tối đa {MAX_BYTES} byte", f"too big, at most {MAX_BYTES} bytes"
        return _whole(None, Reason.TOO_BIG, *words)
    try:
        uplink = decode(payload)
    except msgspec.MsgspecError as error:
        return Taken(None, refused=((0, unreadable(payload, error)),))
    except (UnicodeDecodeError, RecursionError) as error:
        return Taken(None, refused=((0, unreadable(payload, msgspec.DecodeError(str(error)))),))
    return _known(dev_eui, uplink, known, arrived)


def _known(dev_eui: str, uplink: Uplink, known: Senders, arrived: datetime) -> Taken:
    own, said = dev_eui.lower(), uplink.device_info.dev_eui.lower()
    if said != own:
        return _whole(
            uplink.deduplication_id, Reason.WRONG_SOURCE, f"Chủ đề của thiết bị {own} mang bản tin của {said!r}",
            f"the topic of device {own} carries an uplink of {said!r}",
        )  # fmt: skip
    sender = known.get(own)
    if sender is None:
        return _whole(
            uplink.deduplication_id, Reason.UNKNOWN_STATION, f"Thiết bị {own} không có trong lorawan.yaml",
            f"device {own} is not in lorawan.yaml",
        )  # fmt: skip
    if uplink.object is None:
        if not uplink.data:
            return Taken(uplink.deduplication_id)
        return _whole(
            uplink.deduplication_id, Reason.WRONG_CONTENT, "Không có `object`: hồ sơ thiết bị trong ChirpStack thiếu codec",
            "no `object`: the device profile in ChirpStack has no codec",
        )  # fmt: skip
    return _fields(uplink, uplink.object, sender, uplink.at(arrived))


def _fields(uplink: Uplink, found: dict[str, Any], sender: Sender, at: datetime) -> Taken:
    readings, refused = list[Reading](), list[tuple[int, Refusal]]()
    for number, field in enumerate(sender.fields, 1):
        value = _look(found, field)
        if value is _MISSING:
            continue
        number_found = _number(value)
        if number_found is None:
            refused.append((number, _not_a_number(field, value)))
            continue
        readings.append(
            Reading(
                SCHEMA_VERSION, sender.station, uplink.f_cnt, at, field.parameter, number_found, field.unit
            )
        )
    return Taken(uplink.deduplication_id, tuple(readings), tuple(refused))


def _look(found: dict[str, Any], field: Field) -> Any:
    """The value of a field: under its whole name, else by its dots; null and absence are both missing."""
    value: Any = found.get(field.name)
    if value is None:
        value = found
        for part in field.name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if value is None:
        return 0.0 if field.zero_when_missing else _MISSING
    return value


def _number(value: Any) -> float | None:
    """A finite number, or None; true and "7.2" are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _not_a_number(field: Field, value: Any) -> Refusal:
    kind = type(value).__name__
    return Refusal(
        Reason.WRONG_TYPE,
        f"object.{field.name} ({field.parameter}): cần số, thấy {kind}",
        f"object.{field.name} ({field.parameter}): expected a number, found {kind}",
    )


def _whole(key: str | None, reason: Reason, vi: str, en: str) -> Taken:
    return Taken(key, refused=((0, Refusal(reason, vi, en)),))


def rejected(dev_eui: str, payload: bytes, taken: Taken, known: Senders, arrived: datetime) -> list[Rejected]:
    """What was refused as the topic `rejected` has it.

    (topic, partition, offset) is lorawan:<DevEUI>, the number of the field, and 63 bits of the payload's SHA-256:
    the same message twice is told once.
    """
    own = dev_eui.lower()
    place = int.from_bytes(hashlib.sha256(payload).digest()[:8], "big") >> 1
    sender = known[own].station.encode() if own in known else None
    return [
        Rejected(
            SCHEMA_VERSION, BY, place, arrived, ORIGIN + own, number, place, sender,
            why.reason, why.vi, why.en, payload,
        )
        for number, why in taken.refused
    ]  # fmt: skip
