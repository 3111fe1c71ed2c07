"""A Vietnamese telephone number as people write it, made one: 84 and the national number, digits only.

The plan of numbers is that of the ministry (Circular 22/2014/TT-BTTTT as changed by Decision 2036/QĐ-BTTTT of 2016): a landline
is 2 and nine digits (area code and number), a mobile number nine digits behind one of the networks' prefixes. The 11-digit mobile
numbers of before 15 September 2018 do not ring any more; their last seven digits were kept behind a new prefix, so that such a
number from an old list is brought to the one that rings now.
"""

from __future__ import annotations

import re
import unicodedata

MADE_UP = "84000"
"""Numbers that `phusa up` makes for a rehearsal begin so and are taken as numbers: no network of Vietnam has the prefix 000."""

_PLAN_2018 = (
    "162-32 163-33 164-34 165-35 166-36 167-37 168-38 169-39",  # Viettel
    "120-70 121-79 122-77 126-76 128-78",  # MobiFone
    "123-83 124-84 125-85 127-81 129-82",  # VinaPhone
    "186-56 188-58 199-59",  # Vietnamobile, Gmobile
)
RENUMBERED = {pair[:3]: pair[4:] for network in _PLAN_2018 for pair in network.split()}
"""Prefixes of 2018 by those before: the ministry's plan of 29 May 2018, in force since 15 September 2018."""

_RINGS = re.compile(r"(?:3\d|5[1-25689]|7[06-9]|8[1-9]|9\d)\d{7}|2\d{9}|000\d{6}")
"""Mobile prefixes that networks have (031, 054, 0710 and their like were area codes until 2017 and are none now), landlines, made up."""
_OLD = re.compile(r"(1\d\d)(\d{7})")
_WRITTEN = re.compile(r"(?:(?:\+|00?)?84)?0?(\d{9,10})")
"""As dialled from abroad or at home, with or without the 0 that a spreadsheet drops; also both, +84 (0) 912… and 084 912…"""
_BETWEEN = frozenset({"Zs", "Pd", "Cf", "Cc"})
"""Spaces, dashes, and what nobody sees: marks of direction, tabs."""
_SIGNS = frozenset(".()")


def phone(text: str) -> str | None:
    """The number that `text` writes, 84…; None where it writes none of Vietnam, or more than one.

    >>> phone("(+84) 912 345 678"), phone("0168.234.5678"), phone("0543 822 555")
    ('84912345678', '84382345678', None)
    """
    plain = unicodedata.normalize("NFKC", text)
    bare = "".join(one for one in plain if unicodedata.category(one) not in _BETWEEN and one not in _SIGNS)
    found = _WRITTEN.fullmatch(bare) if bare.isascii() else None
    if found is None:
        return None
    old = _OLD.fullmatch(found[1])
    national = found[1] if old is None else RENUMBERED.get(old[1], old[1]) + old[2]
    return f"84{national}" if _RINGS.fullmatch(national) else None
