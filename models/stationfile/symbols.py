"""What the files call parameters. Nothing is guessed: a name that is not in the catalogue is a name of the commune's.

Symbols are in models/catalogue/parameters.py. They are compared without regard to capitals but with every sign: `PM1.0` is not
`PM10`.
"""

from __future__ import annotations

import unicodedata

from models.catalogue.parameters import PARAMETERS


def name_key(text: str) -> str:
    """How names are compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


CODES: dict[str, tuple[str, ...]] = {}
"""Key of a name in a file -> codes of ours; of several, the one that the station measures."""
for _row in PARAMETERS.values():
    for _name in _row.symbols.split():
        CODES[name_key(_name)] = (*CODES.get(name_key(_name), ()), _row.code)
