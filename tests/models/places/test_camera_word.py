"""What a camera takes back (its observation `flooded` with flag MISSING) no longer stands: it neither raises nor lowers a place."""

from __future__ import annotations

import msgspec

from models.envelope.reading import Flag
from models.places.report import seen_by_cameras
from models.places.scene import scene
from models.places.testimonies import Said, finding
from models.river.witness import State
from tests.models.places.test_witnesses import MINUTE_MS, NOON_MS, WATCHED, WATCHER, seen


def said(*words: tuple[int, float, Flag]) -> Said:
    """What the camera said at so many minutes after noon."""
    found = Said()
    for minute, value, flag in words:
        batch = seen(minute, value, by_alert=False)
        batch.observations = [msgspec.structs.replace(each, flag=flag) for each in batch.observations]
        found.take(seen_by_cameras(scene(WATCHED), batch))
    return found


def of_camera(minute: int, *words: tuple[int, float, Flag]) -> list[State]:
    (place,) = WATCHED.flood_places
    found, _ = finding(scene(WATCHED), said(*words), place, NOON_MS + minute * MINUTE_MS)
    return [each.state for each in found.heard if each.kind == "camera"]


def test_a_word_stands_until_it_is_taken_back() -> None:
    assert WATCHER
    assert of_camera(70, (60, 1.0, Flag.GOOD)) == [State.FLOOD]
    assert of_camera(70, (60, 0.0, Flag.GOOD)) == [State.NO_FLOOD]
    assert of_camera(70, (60, 0.0, Flag.GOOD), (66, 0.0, Flag.MISSING)) == []
    assert of_camera(70, (60, 1.0, Flag.GOOD), (66, 1.0, Flag.MISSING)) == []
