"""Read a batch of the topic `alerts`; what cannot be read is kept as rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange
from models.envelope.batch import rejected
from models.envelope.refusal import unreadable
from models.envelope.rejected import Rejected

if TYPE_CHECKING:
    from models.envelope.batch import RawBatch

NUL = b"\\u0000"
"""As JSON must write it."""
FIRST_YEAR, LAST_YEAR = 1970, 2200
_decode = msgspec.json.Decoder(AlertChange).decode


class Intake(msgspec.Struct, gc=False):
    """Changes of one partition in order; every record is a change or rejected."""

    topic: str
    partition: int
    next_offset: int
    read: int
    changes: list[AlertChange]
    origins: list[int]
    rejected: list[Rejected]


def _storable(change: AlertChange, value: bytes) -> AlertChange:
    """Refuse what no row can hold: a NUL in a text, a time outside the calendar of people."""
    if NUL in value:
        msg = "text: found the character NUL, which no store takes"
        raise msgspec.ValidationError(msg)
    if not FIRST_YEAR <= change.at.year <= LAST_YEAR:
        msg = f"at: expected a year from {FIRST_YEAR} to {LAST_YEAR}, found {change.at.year}"
        raise msgspec.ValidationError(msg)
    return change


def read_changes(batch: RawBatch) -> Intake:
    """Decode each record; a bad one is a value, not an exception."""
    intake = Intake(batch.topic, batch.partition, batch.next_offset, len(batch.offsets), [], [], [])
    for offset, value, key, stamp_ms in zip(
        batch.offsets, batch.values, batch.keys, batch.stamps_ms, strict=True
    ):
        try:
            change = _storable(_decode(value), value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            why = unreadable(
                value, error if isinstance(error, msgspec.MsgspecError) else msgspec.DecodeError(str(error))
            )
            intake.rejected.append(rejected("alerts", batch, (offset, value, key, stamp_ms), why))
        else:
            intake.changes.append(change)
            intake.origins.append(offset)
    return intake
