"""The level of a zone with a board: value, flag, what is remembered, what a message says."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from models.catalogue.flags import Flag
from models.vision.analytics import water_level
from models.vision.analytics.looked import Looked, Told
from models.vision.camera import Zone
from tests import boards
from tests.boards import Scene

ZONE = Zone("thuoc", "Thước nước cầu", "board", boards.around("teeth"), board=boards.board("teeth"))
USUAL = Scene(mirror=0.3)
PEOPLE = np.zeros((0, 4), np.float32)


def told(zone: Zone, cm: float, minute: int, memory: dict[str, Any], scene: Scene = USUAL) -> Told | None:
    shown = boards.picture("teeth", cm, scene)
    return water_level.value(zone, Looked(shown, PEOPLE, minute * 60_000), memory)


def test_the_first_level_is_suspect_and_the_second_that_says_the_same_is_good() -> None:
    memory: dict[str, Any] = {}
    first, second = told(ZONE, 50, 0, memory), told(ZONE, 50.5, 1, memory)
    assert first is not None
    assert second is not None

    assert (first.flag, second.flag) == (Flag.SUSPECT, Flag.GOOD)
    assert abs(second.value - 50.5) < 0.5
    assert second.confidence is not None
    assert 0.4 < second.confidence <= 1


def test_what_is_remembered_outlives_a_snapshot() -> None:
    memory: dict[str, Any] = {}
    told(ZONE, 50, 0, memory)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(memory))
    again = told(ZONE, 50, 1, kept)

    assert again is not None
    assert again.flag is Flag.GOOD
    assert len(msgspec.msgpack.encode(memory)) < 8192


def test_a_board_that_cannot_be_read_gives_no_value_and_is_named_and_what_was_known_stays() -> None:
    memory: dict[str, Any] = {}
    told(ZONE, 50, 0, memory)
    told(ZONE, 50, 1, memory)

    assert told(ZONE, 50, 2, memory, Scene(light=0.02, noise=0.5)) is None
    assert memory["board_unread"] == "DARK"
    assert (back := told(ZONE, 51, 3, memory)) is not None
    assert back.flag is Flag.GOOD
    assert "board_unread" not in memory


def test_a_board_that_is_drawn_anew_is_learned_anew() -> None:
    memory: dict[str, Any] = {}
    told(ZONE, 50, 0, memory)
    told(ZONE, 50, 1, memory)
    moved = msgspec.structs.replace(
        ZONE, board=msgspec.structs.replace(boards.board("teeth"), top_cm=190, bottom_cm=110)
    )
    anew = told(moved, 50, 2, memory)

    assert anew is not None
    assert anew.flag is Flag.SUSPECT
    assert abs(anew.value - 150) < 0.5


def test_a_zone_without_a_board_gives_no_level() -> None:
    assert told(msgspec.structs.replace(ZONE, board=None), 50, 0, {}) is None


def test_a_message_says_the_level_and_how_well_it_is_known() -> None:
    memory: dict[str, Any] = {}
    found = told(ZONE, 50, 0, memory)
    assert found is not None

    (line,) = water_level.evidence(ZONE, found.value, memory)
    assert line.vi == "camera: thước nước 50 cm, sai số ±1 cm"
    assert line.en == "camera: 50 cm at the board, ±1 cm"
