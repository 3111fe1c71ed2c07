"""What the files call parameters, as a table. Nothing is guessed: a name that is not here is a name of the commune's.

Units are in models/catalogue/units.py. Symbols: Circular 24/2017/TT-BTNMT, Annex 15, table 34, and the forms found in the government's reader (EOS), such as
`PM-2-5`. They are compared without regard to capitals but with every sign: `PM1.0` is not `PM10`.
"""

from __future__ import annotations

import unicodedata

SYMBOLS: dict[str, tuple[str, ...]] = {
    "PM2,5 PM2.5 PM2-5 PM-2-5 PM_2_5 PM-2.5 PM2_5 PM25": ("pm25",),
    "PM10 PM-10 PM_10": ("pm10",),
    "O3": ("o3",),
    "NO": ("no",),
    "NO2": ("no2",),
    "SO2": ("so2",),
    "CO": ("co",),
    "H2S": ("h2s",),
    "NH3": ("nh3",),
    "Temp Temperature Nhietdo": ("water_temperature", "air_temperature"),
    "RH Humidity": ("humidity",),
    "Rain Rainfall": ("rain",),
    "Level WaterLevel Water-Level Mucnuoc": ("river_level",),
    "pH": ("ph",),
    "DO": ("dissolved_oxygen",),
    "EC Cond Conductivity": ("conductivity",),
    "Turb Turbidity Doduc": ("turbidity",),
    "TSS": ("tss",),
    "COD": ("cod",),
    "BOD5 BOD": ("bod5",),
    "TOC": ("toc",),
    "Color": ("color",),
    "Flow": ("flow",),
    # As nitrogen or as the ion is a factor of 1.3 to 4.4: each name keeps its own basis.
    "N-NH4 NH4-N": ("ammonium_n",),
    "NH4 NH4+": ("ammonium",),
    "N-NO3 NO3-N": ("nitrate_n",),
    "NO3": ("nitrate",),
    "N-NO2 NO2-N": ("nitrite_n",),
    "P-PO4 PO4-P": ("phosphate_p",),
    "TP": ("total_p",),
    "TN": ("total_n",),
    "Cl": ("chloride",),
}
"""Names in a file, separated by spaces -> codes of ours; of several, the one that the station measures."""


def name_key(text: str) -> str:
    """How names are compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


CODES: dict[str, tuple[str, ...]] = {
    name_key(name): codes for names, codes in SYMBOLS.items() for name in names.split()
}
