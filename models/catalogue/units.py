"""Units and their spellings, one table for every way in: MQTT, files, LoRaWAN, forms, configuration, recordings.

A spelling is the same unit written otherwise; a value is never converted, and what differs by a factor, a basis or a method is
another unit: `ug/Nm3` (its volume is at 25 °C and 760 mmHg), `mg N/L`, `FNU`, `mS/cm`, `ppm` of something in water. Sources: the
SI brochure (9th edition), Circular 10/2021/TT-BTNMT, and the spellings seen in files and payloads of stations.
"""

from __future__ import annotations

import enum
import unicodedata
from functools import lru_cache
from typing import NamedTuple


class Use(enum.Enum):
    """Who has a unit: stations that send it, we alone (reckoned, counted, received), or recordings alone."""

    SENT = enum.auto()
    OURS = enum.auto()
    RECORDED = enum.auto()


class UnitRow(NamedTuple):
    """One unit: `code` as it is stored, how people read it, decimals of a value in it.

    `spellings` are other ways to write it that every way in takes; `columns` those that only the heads of recordings use, of
    loggers and portals. `thousands` are parted (money).
    """

    code: str
    decimals: int = 1
    text: str | None = None
    spellings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    use: Use = Use.SENT
    thousands: bool = False
    text_en: str | None = None

    def pretty(self, language: str = "vi") -> str:
        """As people read it: `µg/m³`; "" where only the figure is said."""
        if language == "en" and self.text_en is not None:
            return self.text_en
        return self.code if self.text is None else self.text


UNITS: dict[str, UnitRow] = {
    row.code: row
    for row in (
        UnitRow("m", 2, spellings=("mét", "met", "metre", "metres", "meter", "meters"), columns=("m nước",)),
        UnitRow("cm", 0, spellings=("xentimét", "centimetre", "centimetres", "centimeter", "centimeters")),
        UnitRow("mm", 1, spellings=("milimét", "millimetre", "millimetres", "millimeter", "millimeters")),
        UnitRow("m/s", 2, spellings=("m s-1", "m.s-1", "mps")),
        UnitRow("m3/s", 0, "m³/s", ("m^3/s", "m3 s-1", "m3.s-1", "cumec", "cumecs")),
        UnitRow("m/h", 2, "m/giờ", ("m/hr", "m h-1"), text_en="m/h"),
        UnitRow("mm/h", 1, "mm/giờ", ("mm/hr", "mm h-1"), text_en="mm/h"),
        UnitRow(
            "C", 1, "°C",
            ("°C", "ºC", "˚C", "oC", "độ C", "độC", "do C", "deg C", "degree C", "degrees C", "degrees celsius", "celsius"),
            ("degc", "deg_c", "celcius", "o c", "*C"),
        ),
        UnitRow("%", 0, spellings=("%RH", "RH%", "% r.H.", "%rel", "percent", "pct"), columns=("%sat",)),
        UnitRow("pH", 2, spellings=("pH unit", "pH units", "đơn vị pH"), columns=("su", "std units", "standard units")),
        UnitRow("NTU", 0, spellings=("NTUs",)),
        UnitRow(
            "uS/cm", 0, "µS/cm",
            ("µS/cm", "mcS/cm", "uS cm-1", "uS.cm-1", "umho/cm", "umhos/cm", "microS/cm", "microsiemens/cm"), ("uscm", "us_cm"),
        ),
        UnitRow(
            "mg/L", 2, None,
            ("mg/l", "mg/litre", "mg/liter", "mg/lít", "mg/lit", "mg L-1", "mg.L-1", "mgpl", "milligram/l", "milligrams/l"),
            ("mgl", "mg_l", "ppm O2"),
        ),
        UnitRow("ug/L", 1, "µg/L", ("µg/L", "mcg/L", "ug L-1", "ug.L-1")),
        UnitRow(
            "ug/m3", 0, "µg/m³",
            ("µg/m³", "mcg/m3", "ug/m^3", "ug m-3", "ug.m-3", "microgram/m3", "micrograms/m3"), ("ugm3", "ug_m3", "mug/m3"),
        ),
        UnitRow("mg/m3", 1, "mg/m³", ("mg/m³", "mg/m^3", "mg m-3", "mg.m-3")),
        UnitRow("mg/L/h", 2, "mg/L/giờ", text_en="mg/L/h", spellings=("mg/L/hr", "mg/(L.h)", "mg/(L·h)")),
        UnitRow("ppb", spellings=("ppbv",)),
        UnitRow("ppm", spellings=("ppmv",)),
        UnitRow("h", 1, "giờ", ("hr", "hour", "hours", "giờ"), text_en="h"),
        UnitRow("1", 0, "", (), ("px", "pixel", "pixels")),
        # What we reckon, count or receive ourselves: no station sends it.
        UnitRow("AQI", 0, "", use=Use.OURS),
        UnitRow("people", 0, "người", use=Use.OURS),
        UnitRow("/m2", 1, "người/m²", use=Use.OURS, text_en="persons/m²"),
        UnitRow("px", 0, "điểm ảnh", use=Use.OURS, text_en="px"),
        UnitRow("VND", 0, "đ", use=Use.OURS, thousands=True),
        UnitRow("s", 0, "giây", use=Use.OURS, text_en="s"),
        UnitRow("cm/h", 0, "cm/giờ", use=Use.OURS, text_en="cm/h"),
        UnitRow("/100mL", 0, "/100 mL", use=Use.OURS),
        # What only recordings have; `infra/rehearsal/recordings/units.py` turns it into one of ours.
        UnitRow("ft", 2, columns=("feet", "foot", "ft.", "'"), use=Use.RECORDED),
        UnitRow("in", 2, columns=("inch", "inches", "in.", '"'), use=Use.RECORDED),
        UnitRow("F", 1, "°F", columns=("°F", "degF", "deg F", "fahrenheit"), use=Use.RECORDED),
        UnitRow("K", 1, columns=("kelvin",), use=Use.RECORDED),
        UnitRow("ft3/s", 0, "ft³/s", columns=("cfs", "cubic feet per second"), use=Use.RECORDED),
        UnitRow("mS/cm", 2, columns=("ms/cm",), use=Use.RECORDED),
        UnitRow("mS/m", 1, use=Use.RECORDED),
        UnitRow("S/m", 2, use=Use.RECORDED),
        UnitRow("FNU", 0, use=Use.RECORDED),
        UnitRow("FTU", 0, use=Use.RECORDED),
        UnitRow("ug/Nm3", 0, "µg/Nm³", columns=("µg/Nm³",), use=Use.RECORDED),
        UnitRow("mg/Nm3", 1, "mg/Nm³", columns=("mg/Nm³",), use=Use.RECORDED),
        UnitRow("g/L", 1, columns=("psu", "ppt", "‰", "o/oo", "pss", "g/kg"), use=Use.RECORDED),
    )
}  # fmt: skip
"""The one list of units, by the code that is stored."""
SPELLINGS: dict[str, tuple[str, ...]] = {
    unit.code: unit.spellings for unit in UNITS.values() if unit.use is Use.SENT
}
"""The unit as we write it -> how else it is written. Compared without regard to capitals, spaces, the two micro signs, `³`."""
DECIMALS: dict[str, int] = {unit.code: unit.decimals for unit in UNITS.values()}
PRETTY: dict[str, str] = {unit.code: unit.pretty() for unit in UNITS.values()}
OF_A_STRANGER = 1
"""Decimals of a value in a unit that is in no table; a station may send one that only its configuration knows."""
UNITLESS = ("-", "--", "none", "n/a", "không")
"""What is written where a quantity has no unit; it fits pH and the plain number, which have none."""
_UNITLESS_OF = frozenset({"pH", "1"})
_SIGNS = str.maketrans({"μ": "u", "∕": "/", "⁄": "/", "−": "-", "‐": "-", "‑": "-", "–": "-"})
"""After NFKC, which makes the micro sign a Greek mu, `³` a 3, `℃` a `°C`, `ℓ` an l, and a full-width sign a usual one."""


def spelled(text: str) -> str:
    """The key by which spellings are compared.

    >>> spelled(" µg / m³"), spelled("Mg/L")
    ('ug/m3', 'mg/l')
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().translate(_SIGNS)


_UNIT_OF = {spelled(text): unit for unit, texts in SPELLINGS.items() for text in (unit, *texts)}
_UNITLESS = frozenset(map(spelled, UNITLESS))


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The unit as we write it; what is in no table stays as it came, so that it can be named.

    >>> canonical("mg/l"), canonical("μg/m³"), canonical("ug/Nm3")
    ('mg/L', 'ug/m3', 'ug/Nm3')
    """
    return _UNIT_OF.get(spelled(text), text)


@lru_cache(maxsize=4096)
def same_unit(one: str, other: str) -> bool:
    """Are both spellings of one unit? What is in no table is only what it is, letter by letter.

    >>> same_unit("°C", "C"), same_unit("-", "pH"), same_unit("mS/cm", "uS/cm")
    (True, True, False)
    """
    first, second = canonical(one), canonical(other)
    if first == second:
        return True
    return (first in _UNITLESS_OF and spelled(other) in _UNITLESS) or (
        second in _UNITLESS_OF and spelled(one) in _UNITLESS
    )
