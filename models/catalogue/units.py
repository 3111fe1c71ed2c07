"""Units and their spellings, one table for every way in: MQTT, files, LoRaWAN, forms, configuration, recordings.

A spelling is the same unit written otherwise; a value is never converted, and what differs by a factor, a basis or a method is
another unit: `ug/Nm3` (its volume is at 25 °C and 760 mmHg), `mg N/L`, `FNU`, `mS/cm`, `ppm` of something in water. Sources: the
SI brochure (9th edition), Circular 10/2021/TT-BTNMT, and the spellings seen in files and payloads of stations.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

SPELLINGS: dict[str, tuple[str, ...]] = {
    "m": ("mét", "met", "metre", "metres", "meter", "meters"),
    "cm": ("xentimét", "centimetre", "centimetres", "centimeter", "centimeters"),
    "mm": ("milimét", "millimetre", "millimetres", "millimeter", "millimeters"),
    "m/s": ("m s-1", "m.s-1", "mps"),
    "m3/s": ("m^3/s", "m3 s-1", "m3.s-1", "cumec", "cumecs"),
    "m/h": ("m/hr", "m h-1"),
    "mm/h": ("mm/hr", "mm h-1"),
    "C": ("°C", "ºC", "˚C", "oC", "độ C", "độC", "do C", "deg C", "degree C", "degrees C", "degrees celsius", "celsius"),
    "%": ("%RH", "RH%", "% r.H.", "%rel", "percent", "pct"),
    "pH": ("pH unit", "pH units", "đơn vị pH"),
    "NTU": ("NTUs",),
    "uS/cm": ("µS/cm", "mcS/cm", "uS cm-1", "uS.cm-1", "umho/cm", "umhos/cm", "microS/cm", "microsiemens/cm"),
    "mg/L": ("mg/l", "mg/litre", "mg/liter", "mg/lít", "mg/lit", "mg L-1", "mg.L-1", "mgpl", "milligram/l", "milligrams/l"),
    "ug/L": ("µg/L", "mcg/L", "ug L-1", "ug.L-1"),
    "ug/m3": ("µg/m³", "mcg/m3", "ug/m^3", "ug m-3", "ug.m-3", "microgram/m3", "micrograms/m3"),
    "mg/m3": ("mg/m³", "mg/m^3", "mg m-3", "mg.m-3"),
    "mg/L/h": ("mg/L/hr", "mg/(L.h)", "mg/(L·h)"),
    "ppb": ("ppbv",),
    "ppm": ("ppmv",),
    "h": ("hr", "hour", "hours", "giờ"),
    "1": (),
}  # fmt: skip
"""The unit as we write it -> how else it is written. Compared without regard to capitals, spaces, the two micro signs, `³`."""
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
