"""What a camera hangs for: who is looked at first when the machine does not hold all, one row a purpose."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Purpose(enum.StrEnum):
    """The code stands in cameras.yaml."""

    GATE = "gate"
    FLOOD = "flood"
    RESIDENTIAL = "residential"
    OFFICE = "office"


class PurposeRow(NamedTuple):
    """One purpose: what it is called; its `rank` (1 is served first), that while the river is high, and that in a camera's own busy hours, such as a market's."""

    code: Purpose
    vi: str
    en: str
    rank: int
    rising: int
    busy: int


PURPOSES = {
    row.code: row
    for row in (
        PurposeRow(Purpose.GATE, "cổng vào xã", "gate of the commune", 2, 1, 1),
        PurposeRow(Purpose.FLOOD, "điểm hay ngập", "place that floods", 2, 1, 1),
        PurposeRow(Purpose.RESIDENTIAL, "khu dân cư", "where people live", 3, 2, 1),
        PurposeRow(Purpose.OFFICE, "công sở", "office", 4, 3, 2),
    )
}
"""The one list of purposes."""
