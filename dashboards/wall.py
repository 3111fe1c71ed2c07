"""The wall: in five seconds, from five metres, is there danger, where, since when, who was told, did they answer.

One screen of 1,920 by 1,080 without scrolling. All sizes are in hundredths of the screen's width, so that with `autofitpanels` in the
address it fills 3,840 by 2,160 as well: /d/phusa-wall?kiosk&autofitpanels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import ground, look, screen, style
from dashboards.style import CALM, at

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import dashboard as build
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.models import dashboard as model

    from dashboards.postgres_query import Sql

UID = "phusa-wall"
AWAY = "✕ MÀN HÌNH CŨ"
"""What stands beside the clock while the store cannot be read."""


def told() -> dict[str, Sql]:
    """The hidden variables whose SQL writes what the panels show."""
    return {
        "wall_head": "wall_head",
        "wall_places": "wall_places",
        "wall_alerts": "wall_alerts",
        "wall_map": ("wall_map", ground.fills()),
        "wall_river": ("river_sketch", {"chosen": "true"}),
        "wall_pictures": "wall_pictures",
    }


def dashboard() -> build.Dashboard:
    """The screen: head, sentences of all places, open alerts; map, river, pictures."""
    made = screen.screen(
        UID,
        "Màn hình phòng trực",
        "Is there danger, where, since when, who was told, did they answer?",
        told=told(),
        refresh="10s",
    )
    return style.placed(
        made,
        [
            style.words(
                "", "How many places are how; the oldest datum; the clock", "wall_head", at(0, 0, 21, 2)
            ),
            _read(),
            style.words(
                "", "All places, the worst first, one sentence each", "wall_places", at(0, 2, 14, 18)
            ),
            style.words(
                "", "Open alerts: since when, who was told, who has it", "wall_alerts", at(0, 20, 14, 7)
            ),
            style.words("", "Map of the commune with live states", "wall_map", at(14, 2, 10, 9)),
            style.words(
                "", "The river: 12 hours, its forecast, the ladder of marks", "wall_river", at(14, 11, 10, 9)
            ),
            style.words(
                "", "Cameras concerned: the newest picture and its age", "wall_pictures", at(14, 20, 10, 7)
            ),
        ],
    )


def _read() -> Builder[model.Panel]:
    """When the store was last read: the only panel here that is a query itself, so that a store that is away has its word.

    What variables wrote stays as it was when their query fails.
    """
    panel = look.sentence("", "", "wall_read", at(21, 0, 3, 2), look.beginning({"đọc": CALM}))
    return panel.no_value(AWAY)


def to_json() -> str:
    """The dashboard as Grafana's provisioning reads it."""
    return screen.to_json(dashboard(), strip=False)
