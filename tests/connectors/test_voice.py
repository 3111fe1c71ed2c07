"""The real voice: each standard script takes at most 20 s, and a longer one is shortened until it does.

`python -m tests.connectors.test_voice` writes tests/golden/announcements.json: the words of each kind and level with the seconds that they
took when they were spoken last.
"""

from __future__ import annotations

import io
import json
import wave
from pathlib import Path

import av
import pytest

from connectors import commune as files
from connectors.loudspeaker.voice import Speech, VoiceError, first_that_fits, voice
from connectors.settings import ROOT
from models.alerting.alert import Kind
from models.alerting.announcement import DRILL, LONGEST_S, scripts
from models.catalogue.public import PUBLIC
from tests.models.cap.story import OF_KIND, later

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "announcements.json"
EXAMPLE = files.load(ROOT / "infra" / "commune")
FIGURES = {
    Kind.RIVER: {2: 3.43, 3: 4.8, 0: 1.2},
    Kind.RAIN: {2: 231.5, 3: 412.0, 0: 80.0},
    Kind.AIR: {2: 88.0, 3: 171.0, 0: 22.0},
}
STATION = {Kind.FLOOD: EXAMPLE.flood_places[0].id, Kind.AIR: "air-la-van-ha"}
HEARD = {"level 2": (2, 0), "level 3": (3, 2), "over": (0, 2)}
NAMES = ["La Vân Hạ", "La Vân Thượng", "Phước Yên"]


def standard(kind: Kind, name: str, *, exercise: bool = False) -> list[str]:
    """The scripts of a kind at a level, for three hamlets by name."""
    to, before = HEARD[name]
    value = FIGURES.get(kind, {}).get(to, 2.0)
    fields = {"kind": kind, "value": value, "station": STATION.get(kind, "phu-oc")} | OF_KIND[kind]
    return scripts(later(0, 1, to, before, **fields), EXAMPLE, NAMES, whole=False, exercise=exercise)


def spoken(texts: list[str]) -> tuple[str, Speech]:
    return first_that_fits(texts, LONGEST_S, voice())


def rows() -> dict[str, dict[str, object]]:
    made = {}
    for kind in PUBLIC:
        for name in HEARD:
            text, speech = spoken(standard(kind, name))
            made[f"{kind}, {name}"] = {"seconds": round(speech.seconds, 1), "text": text}
    text, speech = spoken(standard(Kind.RIVER, "level 3", exercise=True))
    return made | {"river, level 3, a drill": {"seconds": round(speech.seconds, 1), "text": text}}


def test_the_words_are_those_that_were_read_and_none_takes_longer_than_twenty_seconds() -> None:
    golden, made = json.loads(GOLDEN.read_text(encoding="utf-8")), rows()

    assert {name: row["text"] for name, row in made.items()} == {
        name: row["text"] for name, row in golden.items()
    }
    assert {name: row for name, row in made.items() if float(str(row["seconds"])) > LONGEST_S} == {}


@pytest.mark.parametrize("name", HEARD)
@pytest.mark.parametrize("kind", PUBLIC)
def test_the_fullest_script_fits(kind: Kind, name: str) -> None:
    full = standard(kind, name)

    assert spoken(full)[0] == full[0]


def test_what_is_too_long_is_shortened_until_it_fits() -> None:
    full = standard(Kind.RIVER, "level 3", exercise=True)
    at = [voice().speak(text).seconds for text in full]

    # The voice breathes: some samples more or less.
    text, speech = first_that_fits(full, at[2] + 0.1, voice())

    assert text == full[2]
    assert text.startswith(DRILL)
    assert speech.seconds <= at[2] + 0.1
    assert at == sorted(at, reverse=True)


def test_what_no_shortening_helps_is_refused_by_name() -> None:
    with pytest.raises(VoiceError, match="longer than 20 s"):
        spoken(["Nước lên. " * 60])


@pytest.mark.parametrize("text", ["", "   ", "\0"])
def test_of_nothing_nothing_can_be_heard(text: str) -> None:
    with pytest.raises(VoiceError, match="nothing can be heard"):
        voice().speak(text)


def test_the_seconds_are_those_of_the_files() -> None:
    speech = voice().speak("Cảnh báo lũ, báo động ba.")
    with wave.open(io.BytesIO(speech.wav())) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(speech.seconds)
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
    with av.open(io.BytesIO(speech.mp3())) as packed:
        frames = list(packed.decode(audio=0))
    # An MP3 is padded to whole frames of 1,152 samples, at its beginning too.
    assert sum(frame.samples for frame in frames) / speech.rate == pytest.approx(speech.seconds, abs=0.2)


def test_the_same_words_take_the_same_time() -> None:
    first, second = (voice().speak("Bà con chú ý. Ngập.").seconds for _ in range(2))

    # The voice breathes: some samples more or less.
    assert first == pytest.approx(second, abs=0.01)


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(rows(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
