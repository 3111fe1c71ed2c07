"""A day of water put straight into the store: a road that floods, one that stays dry, one that nobody can see, a board, and cameras nobody taught."""

from __future__ import annotations

from datetime import datetime, timedelta

import cv2
import numpy as np
import psycopg

from connectors.timescale.places import say
from models.catalogue.analytics import ZoneKind
from models.catalogue.flags import Flag
from models.vision.analytics.looked import Looked
from models.vision.newest import newest
from tests.dashboards.seeded import EXAMPLE, clock, every, observe

WATER = [
    (camera.id, zone.id) for camera in EXAMPLE.cameras for zone in camera.zones if zone.kind is ZoneKind.WATER
]
BOARD = next(
    (camera.id, zone.id) for camera in EXAMPLE.cameras for zone in camera.zones if zone.kind is ZoneKind.BOARD
)
FLOODED, DRY, DARK, BLIND = WATER[:4]
"""Zones of cameras that were taught; all others of water were not."""
UNTAUGHT = WATER[4:]
GAUGE = next(
    station.id for station in EXAMPLE.stations for each in station.parameters if each.code == "river_level"
)
BEGAN, ENDED = clock("06:00"), clock("12:00")
PACED, SLOW_S = 9, 60.0
"""Of all cameras so many are looked at as seldom as SLOW_S."""

Rows = list[tuple[datetime, float, int, float | None]]


def see(dsn: str, camera: str, parameter: str, unit: str, rows: Rows) -> None:
    """Observations (time, value, flag, confidence) of a camera."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into observation (at, station, parameter, value, unit, flag, seq, received_at, confidence) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (at, camera, parameter, value, unit, flag, turn, at, sure)
                for turn, (at, value, flag, sure) in enumerate(rows)
            ],
        )


def put(admin: str, writer: str) -> None:
    """All of the day; `say` is called each quarter of an hour, as the process `places` does each minute."""
    times = every(BEGAN, ENDED, 2)
    with psycopg.connect(admin) as connection:
        connection.execute("set search_path = phusa, public")
        for camera, _zone in (FLOODED, DRY, DARK, BLIND):
            connection.execute(
                "insert into teaching values (%s, 0, %s, 'test', true, '')",
                [camera, BEGAN - timedelta(days=1)],
            )
        for i, camera in enumerate(EXAMPLE.cameras):
            slow = i < PACED
            connection.execute(
                "insert into camera_pace values (%s, %s, %s, %s, %s, 36, 61, false, false)",
                [camera.id, ENDED, SLOW_S if slow else 10.0, 10.0, 10 / SLOW_S if slow else 1.0],
            )
        connection.execute(
            "insert into alert values ('blind', 'blind', 'blind', %s, 'picture', 1, 1, 10, 's', %s, %s, null)",
            [BLIND[0], clock("10:00"), clock("10:00")],
        )
        connection.execute(
            """insert into alert_change (alert, seq, at, change, level, previous, value, "limit", evidence)
               values ('blind', 1, %s, 'raise', 1, 0, 10, 0, '[{"vi": "ống kính bị che", "en": "the lens is covered"}]')""",
            [clock("10:00")],
        )
        for (camera, zone), wet in ((FLOODED, 0.95), (DRY, 0.02), (UNTAUGHT[0], 0.9)):
            connection.execute(
                "insert into camera_picture (camera, at, jpeg, caption) values (%s, %s, %s, %s)",
                [camera, clock("11:50"), *drawn(camera, zone, wet)],
            )
    for camera, zone in WATER:
        see(writer, camera, f"water_share/{zone}", "%", [_share((camera, zone), at) for at in times])
        see(writer, camera, f"water_state/{zone}", "1", [_state((camera, zone), at) for at in times])
    see(writer, BOARD[0], f"water_level/{BOARD[1]}", "cm", [(at, _level(at) * 100, 1, 0.9) for at in times])
    observe(writer, GAUGE, "river_level", "m", [(at, _level(at), 1) for at in every(BEGAN, ENDED, 10)])
    for at in every(BEGAN, ENDED, 15):
        say(writer, EXAMPLE, at)


def drawn(camera: str, zone: str, wet: float) -> tuple[bytes, str]:
    """A street of plain colours with its water drawn in, as the flow keeps it of a camera that nobody taught."""
    picture = np.full((720, 1280, 3), (120, 115, 110), np.uint8)
    cv2.rectangle(picture, (0, 0), (1280, 300), (200, 180, 160), -1)
    cv2.fillPoly(picture, [np.array([[380, 300], [900, 300], [1280, 720], [0, 720]])], (90, 90, 95))
    own = next(each for one in EXAMPLE.cameras if one.id == camera for each in one.zones if each.id == zone)
    looked = Looked(picture, np.zeros((0, 4), np.float32), 0, np.full((45, 80), wet, np.float32))
    return newest(looked, [own], looked.people)


def _level(at: datetime) -> float:
    return 1.0 + 0.5 * (at - BEGAN) / timedelta(hours=1)


def _share(which: tuple[str, str], at: datetime) -> tuple[datetime, float, int, float | None]:
    if which == FLOODED:
        hours = (at - clock("09:00")) / timedelta(hours=1)
        return at, max(2.0, min(85.0, 40 * hours)), Flag.GOOD, 0.86
    if which == DRY:
        return at, 2.0, Flag.GOOD, 0.9
    if _unknown(which, at):
        return at, 0.0, Flag.UNKNOWN, 0.0
    return (at, 3.0, Flag.GOOD, 0.8) if which in (DARK, BLIND) else (at, 40.0, Flag.SUSPECT, 0.2)


def _state(which: tuple[str, str], at: datetime) -> tuple[datetime, float, int, float | None]:
    if which == FLOODED:
        value = 0.0 if at < clock("09:10") else 1.0 if at < clock("10:00") else 2.0
        return at, value, Flag.GOOD, 0.86
    if which == DRY or (which in (DARK, BLIND) and not _unknown(which, at)):
        return at, 0.0, Flag.GOOD, 0.8
    return at, -1.0, Flag.UNKNOWN, 0.0


def _unknown(which: tuple[str, str], at: datetime) -> bool:
    return (which == DARK and at >= clock("08:00")) or (which == BLIND and at >= clock("10:00"))
