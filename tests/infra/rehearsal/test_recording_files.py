"""A recording that nobody has seen before is read right, or told by file, line, what was found and what was expected."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from rich.console import Console

from infra.rehearsal.demo import history
from infra.rehearsal.recordings import catalogue, configuration, films, replay, signed
from infra.rehearsal.recordings.notes import FileError
from models.catalogue.providers import Provider
from models.commune.mistakes import mistakes
from models.envelope.reading import Reading
from tests.infra.rehearsal.recording_files import READ, REFUSED, Case, Refused


def put(folder: Path, path: str, raw: bytes) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(raw)


def loaded_of(folder: Path, case: Case) -> replay.Loaded:
    put(folder, case.path, case.raw)
    (recording,) = catalogue.present(folder)
    return replay.load(recording, folder)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in READ.items()])
def test_what_can_be_read_is_read_right(tmp_path: Path, case: Case) -> None:
    loaded = loaded_of(tmp_path, case)
    found: dict[tuple[str, str], float] = {}
    for _, _, payload in replay.records(loaded.frame):
        one = msgspec.json.decode(payload, type=Reading)
        key = (one.parameter, one.at.isoformat())
        found[(one.parameter, one.at.isoformat() + " b") if key in found else key] = one.value

    assert found == case.right
    assert (loaded.lost, len(loaded.stations)) == (case.lost, case.stations)
    told = "\n".join(note.text for note in loaded.notes)
    for words in case.said:
        assert words in told


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in REFUSED.items()])
def test_what_cannot_be_read_is_told_with_place_and_expectation(tmp_path: Path, case: Refused) -> None:
    put(tmp_path, case.path, case.raw)
    (recording,) = catalogue.present(tmp_path)

    with pytest.raises(FileError) as error:
        replay.load(recording, tmp_path)

    assert error.value.foreign == case.foreign
    for words in case.said:
        assert words in str(error.value)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in READ.items()])
def test_every_file_makes_a_commune_without_mistakes(tmp_path: Path, case: Case) -> None:
    loaded = loaded_of(tmp_path, case)

    commune = configuration.write([loaded], [], tmp_path / "commune")

    assert mistakes(commune) == []
    assert {one for each in commune.stations for one in [each.id]} >= set(loaded.stations)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "air/good.csv", READ["ragged rows: the good are read"].raw)
    put(tmp_path, "air/empty.csv", b"")
    put(tmp_path, "river/none.csv", b"stage (m),temp\n3.5,20\n")
    put(tmp_path, "water/places.csv", REFUSED["another table"].raw)
    return tmp_path


def test_everything_is_told_at_once_before_the_play(folder: Path) -> None:
    console = Console(width=80, force_terminal=False)
    with console.capture() as captured:
        loaded = history.load(console, folder)
    text = captured.get()

    for words in ("air/empty.csv: tệp trống", "river/none.csv, dòng 1: thiếu cột thời gian", "air/good.csv, dòng 3: thấy 3 ô, cần 2",
                  "2 không đọc được (not read)", "water/places.csv: bỏ qua"):  # fmt: skip
        assert words in text
    assert [(one.recording.path, one.broken) for one in loaded] == [
        ("air/empty.csv", True), ("air/good.csv", False), ("river/none.csv", True),
    ]  # fmt: skip


def test_the_span_of_the_play_is_that_of_the_files_that_were_read(folder: Path) -> None:
    spans = [one.span for one in history.load(Console(quiet=True), folder)]

    first, last = min(one for one, _ in spans), max(one for _, one in spans)
    assert (first.isoformat(), last.isoformat()) == ("2025-10-15T00:00:00+00:00", "2025-10-15T01:00:00+00:00")


def test_a_folder_of_which_nothing_can_be_read_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "air/empty.csv", b"")

    with pytest.raises(SystemExit) as stopped:
        history.load(Console(quiet=True), tmp_path)

    assert stopped.value.code not in {0, None}


def test_each_cell_of_a_measure_is_a_reading_a_gap_or_lost(tmp_path: Path) -> None:
    text = "datetime,ph,do\n2025-10-15 07:00,7,5\n2025-10-15 07:30,7\n2025-10-15 08:00,NULL,x y\nbad,7,5\n,,\n2025-10-15 09:00,7,5,5\n"
    loaded = loaded_of(tmp_path, Case("water/a.csv", text.encode(), {}))

    assert (loaded.lines, loaded.readings, loaded.gaps, loaded.lost) == (6, 2, 3, 2 + 1 + 2 + 2)


def film(path: Path, frames: int) -> None:
    """A film of grey pictures, five a second."""
    path.parent.mkdir(exist_ok=True)
    tape = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5.0, (64, 48))
    for i in range(frames):
        tape.write(np.full((48, 64, 3), 20 * i, dtype=np.uint8))
    tape.release()


def test_a_film_of_another_name_is_played_at_its_own_rate_against_its_own_truth(tmp_path: Path) -> None:
    film(tmp_path / "crowd" / "Chợ sớm.avi", 3)
    put(tmp_path, "crowd/Chợ sớm_truth.csv", b"\xef\xbb\xbfframe,people\n1,2\n2,3\n")
    put(tmp_path, "crowd/other.csv", b"a,b\n1,2\n")
    put(tmp_path, "crowd/broken.avi", b"no film")

    (one,) = films.present(tmp_path)

    assert (one.camera, one.path, one.truth, one.fps) == (
        "phim-cho-som", "crowd/Chợ sớm.avi", "crowd/Chợ sớm_truth.csv", 5.0,
    )  # fmt: skip
    assert films.camera(one, "thon").rate_per_s == 5.0
    assert history.unused(tmp_path) == ["crowd/broken.avi", "crowd/other.csv"]


def test_signed_messages_of_another_file_name_are_sent(tmp_path: Path) -> None:
    message = {"kind": "payos_webhook", "data": {}, "signature": "x", "secret": "y"}
    put(tmp_path, "payments/mau-khac.json", json.dumps([message, {"kind": "other"}, 3]).encode())
    put(tmp_path, "payments/hong.json", b"{")

    assert signed.messages(tmp_path) == {Provider.PAYOS: message}
    assert history.unused(tmp_path) == ["payments/hong.json"]
