"""When all or nearly all stations fall silent at once it is the link and not the stations: one outage, which names them.

    first silence ── are the others missing too? ──> outage of the link, with the stations behind it
A station is told silent when it has been missed for as long as its own limit. The others need not have been missed for so long: they
count as missing when none of them has sent for MISSED of its intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.alerting.alert import AlertChange, Kind
from models.alerting.change import Place, Unknown, unknown
from models.envelope.period import DAY_MS
from models.places.scene import LEAST_STATIONS
from models.telemetry.ways import OUTAGE, PLATFORM

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME, LINK = "telemetry", "link"
MISSED = 2.5
"""Intervals without a word after which a station is missing."""
SHARE = 0.8
"""Of the stations that spoke today: more than that missing at once is no chance."""
BACK = 0.5
"""Of the stations behind a lost link: so many back, and the link is."""
SLACK_MS = 60_000


@dataclass(slots=True)
class LinkState:
    """When each station was heard last (ms, by arrival), and the outage that is told: its onset and who is behind it."""

    heard: dict[str, int] = field(default_factory=dict)
    onset_ms: int = 0
    behind: list[str] = field(default_factory=list)


def heard(state: LinkState, stations: Mapping[str, int]) -> list[AlertChange]:
    """Stations spoke, each last at a time (ms); the end of the outage when enough of the stations behind it are back."""
    for station, at_ms in stations.items():
        # A report that is told again is older than what is known.
        state.heard[station] = max(at_ms, state.heard.get(station, at_ms))
    if not state.onset_ms:
        return []
    back = [station for station in state.behind if state.heard.get(station, 0) > state.onset_ms]
    if len(back) < BACK * len(state.behind):
        return []
    change = _change(state, max(state.heard[station] for station in back), over=True)
    state.onset_ms, state.behind = 0, []
    return [change]


def silent(state: LinkState, pace_ms: Mapping[str, int], now_ms: int) -> list[AlertChange]:
    """A station has fallen silent by `now_ms`: an outage of the link, if nearly all the others are missing too."""
    if state.onset_ms:
        return []
    alive = [station for station in pace_ms if now_ms - state.heard.get(station, -DAY_MS) < DAY_MS]
    missing = [
        station for station in alive if now_ms - state.heard[station] > MISSED * pace_ms[station] + SLACK_MS
    ]
    if len(missing) < LEAST_STATIONS or len(missing) < SHARE * len(alive):
        return []
    state.onset_ms, state.behind = max(state.heard[station] for station in missing), sorted(missing)
    return [_change(state, state.onset_ms, over=False, lasted_ms=now_ms - state.onset_ms)]


def _change(state: LinkState, at_ms: int, *, over: bool, lasted_ms: int = 0) -> AlertChange:
    """The onset is when the last of them was heard, which every replay shows alike."""
    what = Unknown(
        Place(NAME, PLATFORM, LINK, "s"), OUTAGE, Kind.OUTAGE, SLACK_MS / 1000, parameters=state.behind
    )
    seconds = (at_ms - state.onset_ms if over else lasted_ms) / 1000
    return unknown(what, state.onset_ms, at_ms, seconds, over=over)
