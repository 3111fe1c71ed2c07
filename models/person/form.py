"""A form of readings: each field a number as people write it, in the station's own units.

Nothing is guessed: what could mean two numbers, or cannot be, comes back with the question.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from models.envelope.bilingual import Bilingual
from models.envelope.reading import SCHEMA_VERSION, Reading
from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from models.commune.configuration import Parameter, Station

PREFIX = "nguoi-"
"""What the id of a person's station begins with."""
ORIGIN, BY = "form:", "form"
"""What a refused form's topic of origin begins with, and who refused it."""
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a form: readings, or what is wrong with each field ("" is the whole form)."""

    readings: list[Reading]
    wrong: dict[str, Bilingual]


def number(text: str) -> float | None:
    """A number with a decimal comma or point; None for anything else, also for 1.234,5 and 1,234.5.

    >>> number("6,5"), number("6.5"), number("1.234,5")
    (6.5, 6.5, None)
    """
    text = text.strip()
    return float(text.replace(",", ".")) if len(text) <= LONGEST and _NUMBER.fullmatch(text) else None


def filled(station: Station, fields: Mapping[str, str], at: datetime) -> Filled:
    """Read the fields of a form of `station` that came at `at`; an empty field was not measured.

    `seq` is the time in ms: the caller gives each form another. With one field wrong nothing is taken: the person is still there to be asked.
    """
    readings: list[Reading] = []
    wrong: dict[str, Bilingual] = {}
    seq = round(at.timestamp() * 1000)
    for parameter in station.parameters:
        text = fields.get(parameter.code, "").strip()
        if not text:
            continue
        value = number(text)
        if value is None or not math.isfinite(value):
            wrong[parameter.code] = Bilingual(
                f"cần một số, ví dụ 6,5; thấy {text[:LONGEST]!r}", "expected a number like 6.5"
            )
        elif not parameter.low <= value <= parameter.high:
            wrong[parameter.code] = Bilingual(
                f"cần từ {parameter.low:g} đến {parameter.high:g}",
                f"expected {parameter.low:g} to {parameter.high:g}",
            )
        else:
            readings.append(
                Reading(SCHEMA_VERSION, station.id, seq, at, parameter.code, value, parameter.unit)
            )
    unknown = sorted(fields.keys() - {parameter.code for parameter in station.parameters})
    if unknown:
        known = ", ".join(parameter.code for parameter in station.parameters)
        text = f"{unknown[0][:LONGEST]!r}"
        wrong[""] = Bilingual(
            f"{text} không phải thông số của trạm: {known}", f"{text} is no parameter: {known}"
        )
    elif not readings and not wrong:
        wrong[""] = Bilingual("chưa nhập số nào", "nothing was filled in")
    return Filled([] if wrong else readings, wrong)


def rejected(station: Station, fields: Mapping[str, str], found: Filled, at: datetime) -> list[Rejected]:
    """A form with something wrong as the topic `rejected` has it, one record: the fields as they came, without the code.

    (topic, partition, offset) is form:<station>, 0, the time in ms.
    """
    if not found.wrong:
        return []
    words = [f"{code}: {one.vi}" if code else one.vi for code, one in found.wrong.items()]
    glosses = [f"{code}: {one.en}" if code else one.en for code, one in found.wrong.items()]
    at_ms = round(at.timestamp() * 1000)
    why = Refusal(Reason.WRONG_CONTENT, "; ".join(words), "; ".join(glosses))
    record = (f"{ORIGIN}{station.id}", 0, at_ms)
    payload = msgspec.json.encode(dict(fields))
    return [Rejected.of(why, record, source=BY, at=at, key=station.id.encode(), payload=payload)]


def labelled(parameter: Parameter, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """What the field is called, in Vietnamese and English, with its unit."""
    vi, en = names.get(parameter.code, (parameter.code, parameter.code))
    unit = "" if parameter.unit == "1" else f" ({parameter.unit})"
    # A sentence begins large; pH and NH3 stay as they are.
    vi = vi[:1].upper() + vi[1:] if vi[1:2].islower() else vi
    return f"{vi}{unit}", f"{en}{unit}"
