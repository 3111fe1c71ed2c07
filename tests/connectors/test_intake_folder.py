"""Files of official stations: each is read whole and once, whatever its server does to it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connectors.intake.folder import SETTLED_S, STAY_S, Folder
from connectors.intake.process import _decoded
from models.commune.file_names import file_stations
from tests.intake import BAD, GOOD, NAME, NOW, STATIONS, Hand, Taken


@pytest.fixture
def hand() -> Hand:
    return Hand()


def opened(place: Path, taken: Taken, hand: Hand) -> Folder:
    """The folder as a process finds it when it starts."""
    return Folder(
        place / "in", place / "done", place / "refused", file_stations(STATIONS), taken.put, lambda: NOW, hand
    )


@pytest.fixture
def folder(tmp_path: Path, taken: Taken, hand: Hand) -> Folder:
    (tmp_path / "in").mkdir()
    return opened(tmp_path, taken, hand)


def pass_s(folder: Folder, seconds: float, step_s: float = 2.0) -> int:
    """Look every `step_s` while time passes; the number of files moved."""
    hand = folder.ticks
    assert isinstance(hand, Hand)
    moved, until = 0, hand.s + seconds
    while True:
        moved += folder.look()
        if hand.s >= until:
            return moved
        hand.s += step_s


def looks(folder: Folder) -> int:
    """Long enough to be read and moved."""
    return pass_s(folder, STAY_S)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_that_stands_still_is_read_and_moved(folder: Folder, taken: Taken) -> None:
    (folder.incoming / "KK01" / "2026").mkdir(parents=True)
    (folder.incoming / "KK01" / "2026" / NAME).write_text(GOOD, newline="")

    assert looks(folder) == 1
    assert [(reading.source, reading.parameter, reading.value) for reading in taken.readings] == [
        ("air", "pm10", 31.5)
    ]
    assert names(folder.done) == [NAME]
    assert names(folder.incoming) == []


def test_a_file_that_grows_is_waited_for(folder: Folder, taken: Taken) -> None:
    path = folder.incoming / NAME
    for part in (GOOD[:10], GOOD, GOOD * 2, GOOD * 3):
        path.write_text(part, newline="")
        assert pass_s(folder, SETTLED_S - 2) == 0
    assert not taken.readings

    assert looks(folder) == 1
    assert len(taken.readings) == 3


def test_a_name_that_is_no_text_is_refused_by_name(folder: Folder, taken: Taken) -> None:
    (folder.incoming / os.fsdecode(b"tr\xff_20261124101010.txt")).write_bytes(GOOD.encode())

    assert looks(folder) == 1
    (one,) = taken.rejected
    assert one.topic.startswith("file:tr\\xff_20261124101010.txt@")
    assert msgspec.json.encode(one)


def test_what_none_of_ours_has_refused_is_passed_over() -> None:
    assert [_decoded(one) for one in (None, b"", b"{}", b"\xff", b'{"v": "x"}')] == [None] * 5


def test_a_file_with_one_bad_line_keeps_its_good_lines(folder: Folder, taken: Taken) -> None:
    (folder.incoming / NAME).write_text(BAD + GOOD, newline="")

    looks(folder)

    assert [reading.parameter for reading in taken.readings] == ["pm10"]
    (refused,) = taken.rejected
    assert refused.payload == BAD.rstrip("\r\n").encode()
    assert names(folder.done) == [NAME]


NOTHING = {
    "a strange name": ("note.txt", "PM10"),
    "a strange station": ("X_20261012140000.txt", GOOD),
    "an empty file": (NAME, ""),
    "only bad lines": (NAME, BAD),
}


@pytest.mark.parametrize(("name", "text"), NOTHING.values(), ids=NOTHING.keys())
def test_a_file_of_which_nothing_can_be_read_is_put_aside_and_told(
    folder: Folder, taken: Taken, name: str, text: str
) -> None:
    (folder.incoming / name).write_text(text, newline="")

    looks(folder)

    assert len(taken.rejected) == 1
    assert names(folder.refused) == [name]


@pytest.mark.parametrize("name", [f".{NAME}", f"{NAME}.part", f"{NAME}.tmp", f"{NAME}.filepart"])
def test_what_an_ftp_server_has_not_finished_is_left_alone(folder: Folder, taken: Taken, name: str) -> None:
    (folder.incoming / name).write_text(GOOD, newline="")

    assert looks(folder) == 0
    assert not taken.readings


def test_a_link_is_not_followed(folder: Folder, taken: Taken, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text(GOOD, newline="")
    (folder.incoming / NAME).symlink_to(tmp_path / "elsewhere.txt")

    assert looks(folder) == 0
    assert not taken.readings


def test_while_kafka_is_away_files_stay_and_are_read_afterwards(folder: Folder, taken: Taken) -> None:
    (folder.incoming / NAME).write_text(GOOD, newline="")
    taken.away = True
    assert looks(folder) == 0
    assert names(folder.incoming) == [NAME]

    taken.away = False
    assert pass_s(folder, 0) == 1
    assert len(taken.readings) == 1


def test_a_crash_before_the_move_tells_the_same_again(
    folder: Folder, taken: Taken, tmp_path: Path, hand: Hand
) -> None:
    (folder.incoming / NAME).write_text(GOOD + BAD, newline="")
    pass_s(folder, SETTLED_S)
    assert names(folder.incoming) == [NAME]

    assert looks(opened(tmp_path, taken, hand)) == 1

    first, again = taken.readings
    assert first == again
    one, other = taken.rejected
    assert (one.topic, one.partition, one.offset) == (other.topic, other.partition, other.offset)


def test_a_move_that_fails_is_tried_again_and_tells_nothing_twice(
    folder: Folder, taken: Taken, monkeypatch: Any
) -> None:
    (folder.incoming / NAME).write_text(GOOD + BAD, newline="")
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(5, "broken")))
        assert looks(folder) == 0

    assert pass_s(folder, 2) == 1
    assert (len(taken.readings), len(taken.rejected)) == (1, 1)


FOUR = [
    f"{name}\t{value}\tug/m3\t2026101214{minute}00\t00\r\n"
    for minute in ("00", "05")
    for name, value in (("PM-10", "31.5"), ("PM2,5", "12.5"))
]
WHOLE = "".join(FOUR)
HALVES = {
    "between two lines": len("".join(FOUR[:2])),
    "between CR and LF": len("".join(FOUR[:2])) - 1,
    "before the end of a line": len("".join(FOUR[:2])) - 2,
    "within a value": len("".join(FOUR[:2])) + 8,
    "within a status": len("".join(FOUR[:2])) - 3,
    "before the first byte": 0,
    "within the first name": 2,
}
PAUSES = {
    "14 s": 14.0,
    "a minute and a half, moved meanwhile": 90.0,
    "three hours, moved meanwhile": 10_800.0,
}


@pytest.mark.parametrize("pause_s", PAUSES.values(), ids=PAUSES.keys())
@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES.keys())
def test_a_file_that_comes_in_two_halves_is_read_whole(
    folder: Folder, taken: Taken, half: int, pause_s: float
) -> None:
    """The server holds the file open: it goes on writing wherever the file is by then."""
    with (folder.incoming / NAME).open("w", newline="", encoding="ascii") as open_file:
        open_file.write(WHOLE[:half])
        open_file.flush()
        pass_s(folder, pause_s, step_s=2.0 if pause_s < 100 else 60.0)
        open_file.write(WHOLE[half:])
    pass_s(folder, 2 * STAY_S)

    found = {(reading.parameter, reading.at.minute): reading.value for reading in taken.readings}
    assert found == {("pm10", 0): 31.5, ("pm25", 0): 12.5, ("pm10", 5): 31.5, ("pm25", 5): 12.5}
    assert len(taken.readings) == 4, "each once: it is read on from where it stood"
    assert names(folder.incoming) == []


def test_a_server_that_opens_the_file_anew_to_append_finds_it(folder: Folder, taken: Taken) -> None:
    path, half = folder.incoming / NAME, HALVES["within a value"]
    path.write_text(WHOLE[:half], newline="")
    pass_s(folder, 14)
    assert len(taken.readings) == 2, "what is whole is not kept waiting"
    with path.open("a", newline="", encoding="ascii") as again:
        again.write(WHOLE[half:])
    pass_s(folder, 2 * STAY_S)

    assert (len(taken.readings), taken.rejected) == (4, [])
    assert names(folder.done) == [NAME]


def test_half_a_line_whose_rest_never_comes_is_refused_by_name(folder: Folder, taken: Taken) -> None:
    (folder.incoming / NAME).write_text(WHOLE[: HALVES["within a value"]], newline="")
    pass_s(folder, SETTLED_S)
    assert (len(taken.readings), taken.rejected) == (2, [])

    pass_s(folder, STAY_S)
    (one,) = taken.rejected
    assert (one.payload, one.offset) == (b"PM-10\t31", 3)


def test_a_file_that_is_written_anew_is_read_anew(folder: Folder, taken: Taken) -> None:
    path = folder.incoming / NAME
    path.write_text(GOOD, newline="")
    pass_s(folder, SETTLED_S)
    path.write_text(GOOD.replace("31.5", "32.5") + FOUR[1], newline="")
    looks(folder)

    assert [reading.value for reading in taken.readings] == [31.5, 32.5, 12.5]


def test_what_was_written_into_done_while_nobody_looked_is_read_at_the_start_and_only_then(
    folder: Folder, taken: Taken, tmp_path: Path, hand: Hand
) -> None:
    with (folder.incoming / NAME).open("w", newline="", encoding="ascii") as open_file:
        open_file.write(WHOLE[: HALVES["between two lines"]])
        open_file.flush()
        assert looks(folder) == 1
        open_file.write(WHOLE[HALVES["between two lines"] :])
    assert len(taken.readings) == 2

    pass_s(opened(tmp_path, taken, hand), 10)
    assert {(reading.parameter, reading.at.minute) for reading in taken.readings} == {
        (code, minute) for code in ("pm10", "pm25") for minute in (0, 5)
    }
    had = len(taken.readings)
    pass_s(opened(tmp_path, taken, hand), 10)
    assert len(taken.readings) == had


def test_a_second_file_of_one_name_does_not_replace_the_first(folder: Folder) -> None:
    for _ in range(2):
        (folder.incoming / NAME).write_text(GOOD, newline="")
        looks(folder)

    assert names(folder.done) == [NAME, f"{NAME}.1"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_named_and_stops_nothing(folder: Folder) -> None:
    (folder.incoming / NAME).write_text(GOOD, newline="")
    (folder.incoming / NAME).chmod(0)
    (folder.incoming / NAME.replace("140000", "140500")).write_text(GOOD, newline="")

    assert looks(folder) == 1
