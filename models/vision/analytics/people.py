"""People in a zone: those whose feet stand in it, as the median of the last two seconds.

A net loses a person for a picture or two where somebody walks by, and finds one twice. What is stored is therefore the median of the
pictures of the last WINDOW_MS, the newest included, so that the curve, the roll-ups and the levels have one number. Seven pictures a second make it a
median of 15, one a second of 3; a camera with one picture in ten seconds has nothing but that picture. The levels' own median
(`smooth_s`, 15 s) stays: it says how long a crowd must last, not how many people there are.
"""

from __future__ import annotations

from statistics import median_high
from typing import TYPE_CHECKING, Any

from models.vision.crowd_tiles import scaled
from models.vision.zone import present

if TYPE_CHECKING:
    from models.envelope.evidence import Evidence
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone

WINDOW_MS = 2000
_RECENT = "recent"


def value(zone: Zone, looked: Looked, memory: dict[str, Any]) -> float | None:
    """How many; of an even number of pictures the higher middle one, because a person is missed more often than made up."""
    now = scaled(zone, looked, memory, int(present(zone, looked.people).sum()))
    # What lies ahead was remembered before the camera's clock was put back.
    kept = [one for one in memory.get(_RECENT, []) if 0 <= looked.at_ms - one[0] <= WINDOW_MS]
    memory[_RECENT] = recent = [*kept, (looked.at_ms, now)]
    return float(median_high(count for _, count in recent))


def evidence(_zone: Zone, _value: float, _memory: dict[str, Any]) -> list[Evidence]:
    """The number says it all."""
    return []
