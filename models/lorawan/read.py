"""From an uplink to readings: which station, which parameters, and in words what could not be used."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from models.envelope.reading import SCHEMA_VERSION, Reading
from models.envelope.refusal import Refusal, unreadable
from models.envelope.rejected import Reason, Rejected
from models.lorawan.look import MISSING, alike, keys, look, moved
from models.lorawan.uplink import MAX_BYTES, Measured, Uplink, decode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.lorawan.configuration import Device, Field, Profile

ORIGIN = "lorawan:"
BY = "bridge"


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
    payload. `wrong_time`: the gateway's time where it was not believed; its readings are marked `retimed`.
    """

    key: str | None
    readings: tuple[Reading, ...] = ()
    refused: tuple[tuple[int, Refusal], ...] = ()
    wrong_time: datetime | None = None


def senders(devices: Sequence[Device], profiles: Sequence[Profile]) -> Senders:
    """Who may send, from the commune's configuration; a device whose profile is missing is left out."""
    fields = {profile.code: tuple(profile.fields) for profile in profiles}
    return {
        device.dev_eui.lower(): Sender(device.station, fields[device.profile])
        for device in devices
        if device.profile in fields
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
    measured = uplink.at(arrived)
    if not uplink.object and not all(field.zero_when_missing for field in sender.fields):
        return _whole(
            uplink.deduplication_id, Reason.MISSING_FIELD, "`object` rỗng: codec của thiết bị không cho ra gì",
            "`object` is empty: the device's codec gave nothing",
        )  # fmt: skip
    return _fields(uplink, uplink.object, sender, measured)


def _fields(uplink: Uplink, found: dict[str, Any], sender: Sender, measured: Measured) -> Taken:
    readings, refused = list[Reading](), list[tuple[int, Refusal]]()
    retimed, declared = measured.wrong is not None, {field.name for field in sender.fields}
    for number, field in enumerate(sender.fields, 1):
        value = look(found, field.name)
        if value is MISSING:
            # A codec that renamed a field must not become a zero, nor silence.
            gone = not (field.zero_when_missing or field.optional) or moved(found, field.name, declared)
            if gone:
                refused.append((number, _missing(field, found, alike(found, field.name, declared))))
                continue
            value = None
        if value is None and not field.zero_when_missing:
            continue
        value = 0.0 if value is None else value
        number_found = _number(value)
        if number_found is None:
            refused.append((number, _not_a_number(field, value)))
            continue
        readings.append(
            Reading(
                SCHEMA_VERSION, sender.station, uplink.f_cnt or 0, measured.at, field.parameter, number_found,
                field.unit, retimed=retimed,
            )
        )  # fmt: skip
    if not readings and not refused:
        return _whole(
            uplink.deduplication_id, Reason.MISSING_FIELD, f"Không trường nào đã khai báo có số; object có: {keys(found)}",
            f"no declared field has a value; object has: {keys(found)}",
        )  # fmt: skip
    return Taken(uplink.deduplication_id, tuple(readings), tuple(refused), measured.wrong)


def _missing(field: Field, found: dict[str, Any], like: str) -> Refusal:
    """A field that the profile declares and the codec did not give: renamed, moved into another, or never there."""
    vi = f"; có {like!r}: sửa `name` trong lorawan.yaml" if like else ""
    en = f"; it has {like!r}: set that as `name` in lorawan.yaml" if like else ""
    return Refusal(
        Reason.MISSING_FIELD,
        f"object không có {field.name!r} ({field.parameter}){vi or f'; có: {keys(found)}'}",
        f"object has no {field.name!r} ({field.parameter}){en or f'; it has: {keys(found)}'}",
    )


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
        Rejected.of(why, (ORIGIN + own, number, place), source=BY, at=arrived, key=sender, payload=payload)
        for number, why in taken.refused
    ]
