"""What a place may be said to be: seven states, each with a word, a colour, a shape and its rank.

Four say how it is, three that it is not known, and why. What is not known is hatched and never green. Colours hold apart for people
who see no red or no green, and on paper the shape and the word say the same (CIE delta E of simulated pairs: tests/models/catalogue).
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class State(enum.StrEnum):
    """How a place is."""

    NORMAL = "normal"
    WATCH = "watch"
    WARNING = "warning"
    DANGER = "danger"
    SILENT = "silent"
    UNTRUSTED = "untrusted"
    BLIND = "blind"


class StateRow(NamedTuple):
    """One state: its words, colour on a screen (sRGB), shape, and `rank` (0 is told first)."""

    code: State
    vi: str
    en: str
    colour: str
    shape: str
    rank: int
    known: bool = True


STATES = {
    row.code: row
    for row in (
        StateRow(State.DANGER, "NGUY HIỂM", "danger", "#d62728", "◆", 0),
        StateRow(State.WARNING, "CẢNH BÁO", "warning", "#f28e1c", "▲", 1),
        StateRow(State.UNTRUSTED, "KHÔNG TIN ĐƯỢC", "not to be trusted", "#8e8e8e", "?", 2, known=False),
        StateRow(State.SILENT, "MẤT TÍN HIỆU", "silent", "#8e8e8e", "✕", 3, known=False),
        StateRow(State.BLIND, "MÙ", "blind", "#8e8e8e", "⊘", 4, known=False),
        StateRow(State.WATCH, "theo dõi", "watch", "#f2d024", "●", 5),
        StateRow(State.NORMAL, "bình thường", "normal", "#2a9d8f", "○", 6),
    )
}
"""The one list of states, the worst first."""
