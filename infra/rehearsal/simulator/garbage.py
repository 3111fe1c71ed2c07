"""Messages that must be refused, one kind at a time, made from a good reading. Pure."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np

from infra.rehearsal.simulator.sensor import Sample
from infra.rehearsal.simulator.truth import Event, ExpectedEnd, Fault
from models.envelope.reading import Reading
from models.envelope.rejected import Reason

TEN_MEGABYTES = 10 * 1024 * 1024
STRANGER = "bo-khong-co"
"""A station that stands in no configuration."""
REASONS = {
    Fault.DAY_LATE: Reason.TOO_LATE,
    Fault.FUTURE: Reason.FUTURE,
    Fault.WRONG_UNIT: Reason.WRONG_UNIT,
    Fault.UNKNOWN_STATION: Reason.UNKNOWN_STATION,
    Fault.UNKNOWN_PARAMETER: Reason.UNKNOWN_PARAMETER,
    Fault.WRONG_SOURCE: Reason.WRONG_SOURCE,
    Fault.WRONG_VERSION: Reason.WRONG_VERSION,
    Fault.GARBAGE: Reason.NOT_JSON,
    Fault.WRONG_TYPE: Reason.WRONG_TYPE,
    Fault.MISSING_FIELD: Reason.WRONG_TYPE,
    Fault.NAN: Reason.NOT_FINITE,
    Fault.CONFLICT: Reason.CONFLICT,
    Fault.TEN_MEGABYTES: Reason.TOO_BIG,
}
OTHER_UNITS = {
    "m": "cm",
    "mg/L": "%",
    "C": "F",
    "ug/m3": "ppm",
    "mm": "inch",
    "NTU": "FNU",
    "%": "1",
}


def refused(fault: Fault, sample: Sample, seq: int, rng: np.random.Generator) -> Event:
    """A message of that fault, sent with the reading it was made from."""
    reading = sample.reading(seq)
    # A conflict must come after the reading that it contradicts, so everything comes a little later.
    send_at = sample.at + timedelta(seconds=30)
    station = STRANGER if fault is Fault.UNKNOWN_STATION else reading.source
    payload = _bytes(fault, reading, rng)
    return Event(send_at, station, payload, ExpectedEnd.REJECTED, fault, REASONS[fault])


def _bytes(fault: Fault, reading: Reading, rng: np.random.Generator) -> bytes:
    if fault in (Fault.GARBAGE, Fault.TEN_MEGABYTES):
        length = TEN_MEGABYTES if fault is Fault.TEN_MEGABYTES else int(rng.integers(1, 200))
        # 0xFF first: no JSON text begins so, whatever the rest happens to be.
        return b"\xff" + rng.bytes(length - 1)
    if fault in (Fault.WRONG_TYPE, Fault.MISSING_FIELD, Fault.NAN):
        return _broken(fault, reading, rng)
    return msgspec.json.encode(_changed(fault, reading, rng))


def _broken(fault: Fault, reading: Reading, rng: np.random.Generator) -> bytes:
    """JSON (or nearly) that is not a reading."""
    fields = msgspec.to_builtins(reading)
    if fault is Fault.WRONG_TYPE:
        fields["value"] = (str(reading.value), None, [reading.value], True)[int(rng.integers(4))]
    elif fault is Fault.MISSING_FIELD:
        del fields[("v", "source", "seq", "at", "parameter", "value", "unit")[int(rng.integers(7))]]
    else:
        fields["value"] = "NaN"
        # What careless firmware prints; JSON has no NaN.
        return msgspec.json.encode(fields).replace(b'"NaN"', b"NaN")
    return msgspec.json.encode(fields)


def _changed(fault: Fault, reading: Reading, rng: np.random.Generator) -> Reading:
    """A well-formed reading that is not true of this station."""
    replace = msgspec.structs.replace
    match fault:
        case Fault.DAY_LATE:
            return replace(reading, at=reading.at - timedelta(hours=float(rng.uniform(25, 60))))
        case Fault.FUTURE:
            # Further than any clock is wrong: no time zone lies 26 hours ahead.
            return replace(reading, at=reading.at + timedelta(hours=float(rng.uniform(28, 72))))
        case Fault.WRONG_UNIT:
            return replace(reading, unit=OTHER_UNITS.get(reading.unit, "mV"))
        case Fault.UNKNOWN_STATION:
            return replace(reading, source=STRANGER)
        case Fault.UNKNOWN_PARAMETER:
            return replace(reading, parameter=f"{reading.parameter}_raw")
        case Fault.WRONG_SOURCE:
            return replace(reading, source=f"{reading.source}-2")
        case Fault.WRONG_VERSION:
            return replace(reading, v=99)
        case Fault.CONFLICT:
            return replace(reading, value=round(reading.value + 0.37, 4))
    msg = f"no message for the fault {fault!r}"
    raise ValueError(msg)
