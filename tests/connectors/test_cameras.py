"""Cameras on a real RTSP server, a real HTTP server, real films and a real Kafka: the newest picture, sealed, or nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import av
import cv2
import msgspec
import numpy as np
import pytest

from connectors import clock
from connectors.cameras import snapshot, stream
from connectors.cameras.address import address, scrubbed, with_credentials
from connectors.cameras.capture import Capture, Reader
from connectors.cameras.picture import Picture, Slot
from connectors.sealing import NotSealedByUsError, Seal, key
from infra.rehearsal.simulator import film, rtsp
from infra.rehearsal.simulator.film import Shot
from models.vision.camera import Camera
from models.vision.frame import Frame, about
from tests import kafka
from tests.gateways import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.settings import Settings

FPS, SECONDS = 4, 290
"""A film that is not over before a slow machine looks at it."""


def yard(number: int) -> np.ndarray:
    """A textured picture in which the picture's number stands as three brightnesses: hundreds, tens and units."""
    rough = np.random.default_rng(3).integers(60, 160, (9, 16, 3), dtype=np.uint8)
    picture = cv2.resize(rough, (320, 180), interpolation=cv2.INTER_CUBIC)
    for i, digit in enumerate((number // 100, number // 10 % 10, number % 10)):
        picture[:40, 40 * i : 40 * i + 40] = 30 + digit * 20
    return picture


def number_of(jpeg: bytes) -> int:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    hundreds, tens, units = (
        round((float(picture[5:35, x + 5 : x + 35].mean()) - 30) / 20) for x in (0, 40, 80)
    )
    return 100 * hundreds + 10 * tens + units


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film with a number in each picture."""
    folder = tmp_path_factory.mktemp("films")
    shots = (Shot(i / FPS, np.asarray(yard(i), np.uint8), i % 3) for i in range(FPS * SECONDS))
    assert film.make(shots, folder / "cho", FPS) == FPS * SECONDS
    return folder


def camera(name: str = "cho", where: str = "-", rate: float = 4.0) -> Camera:
    return Camera(name, name, [], where, rate_per_s=rate)


def taken(pictures: Callable[[Callable[[], bool]], Iterator[Picture]], wanted: int) -> list[Picture]:
    """Pictures until `wanted` came."""
    found: list[Picture] = []
    for picture in pictures(lambda: False):
        found.append(picture)
        if len(found) == wanted:
            break
    return found


def test_a_film_is_paced_by_its_own_times(films: Path) -> None:
    began = time.monotonic()
    found = taken(lambda stop: stream.pictures(f"{films}/cho.mp4", 4, clock.system, stop), 9)

    assert [number_of(one.data) for one in found] == list(range(9))
    assert time.monotonic() - began >= 1.9  # never faster; how much slower is the machine's business


def test_a_source_faster_than_the_rate_is_sampled(films: Path) -> None:
    found = taken(lambda stop: stream.pictures(f"{films}/cho.mp4", 1, clock.system, stop), 3)

    assert [number_of(one.data) for one in found] == [0, 4, 8]


def film_with_keys_every(path: Path, pictures: int) -> str:
    """Three seconds of a camera's usual H.264: a key frame, then differences from it."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=8, options={"x264-params": f"keyint={pictures}:scenecut=0"})
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        for i in range(24):
            out.mux(video.encode(av.VideoFrame.from_ndarray(yard(i), format="bgr24")))
        out.mux(video.encode())
    return str(path)


@pytest.mark.parametrize(
    ("keys_every", "rate", "expected"),
    [
        pytest.param(8, 1, [0, 8, 16], id="a key frame a second, a picture a second wanted"),
        pytest.param(24, 1, [0, 8, 16], id="one key frame, a picture a second wanted"),
        pytest.param(8, 2, [0, 4, 8, 12, 16, 20], id="a key frame a second, two pictures wanted"),
    ],
)
def test_pictures_are_whole_however_rare_the_key_frames(
    tmp_path: Path, keys_every: int, rate: float, expected: list[int]
) -> None:
    where = film_with_keys_every(tmp_path / "gop.mp4", keys_every)

    found = taken(lambda stop: stream.pictures(where, rate, clock.system, stop), len(expected))

    assert [number_of(one.data) for one in found] == expected


@pytest.mark.parametrize(
    ("keys_at", "expected"),
    [
        pytest.param([5.0], [False], id="nothing is known of the first"),
        pytest.param([5, 6, 7], [False, True, True], id="a key frame a second"),
        pytest.param([5, 6.05, 7.02], [False, True, True], id="a second, as cameras keep it"),
        pytest.param([0, 2, 4], [False, False, False], id="too rare"),
        pytest.param([0, 1, 4, 5], [False, True, False, True], id="the camera paused once"),
        pytest.param([9, 0, 1], [False, False, True], id="its clock went back"),
    ],
)
def test_key_frames_suffice_while_they_come_at_the_rate(keys_at: list[float], expected: list[bool]) -> None:
    keys = stream.KeyFrames(every_s=1.0)

    assert [keys.suffice(at) for at in keys_at] == expected


def test_a_film_that_is_over_says_so(tmp_path: Path) -> None:
    film.make((Shot(i, np.asarray(yard(i), np.uint8), 0) for i in range(3)), tmp_path / "short", 10)

    with pytest.raises(stream.EndedError):
        list(stream.pictures(f"{tmp_path}/short.mp4", 10, clock.system, lambda: False))


def test_the_truth_stands_beside_the_film(films: Path) -> None:
    assert film.truth(films / "cho")[:3] == [(0.0, 0), (0.25, 1), (0.5, 2)]


@pytest.fixture
def began(stack: Settings) -> datetime:  # noqa: ARG001 (what a stack takes to start is not counted)
    """Four seconds before the server of the films is started."""
    return datetime.now(UTC) - timedelta(seconds=4)


@pytest.fixture
def server(films: Path, stack: Settings, began: datetime, tmp_path: Path) -> Iterator[rtsp.Server]:
    """The RTSP server of the films."""
    if not rtsp.available():
        pytest.skip("no GStreamer RTSP server here, and it may not be installed")
    found = rtsp.Server(films, stack.rtsp_port, began, tmp_path / "rtsp.log")
    yield found
    found.stop()


@pytest.mark.integration
def test_who_comes_late_sees_the_film_where_it_is_by_now(server: rtsp.Server, began: datetime) -> None:
    (first,) = taken(lambda stop: stream.pictures(f"{server.address}/cho", 4, clock.system, stop), 1)

    # The start of the server counts too: without it, at load 28, picture 23 came where 22.6 was the limit.
    expected = FPS * (datetime.now(UTC) - began).total_seconds()
    assert FPS * 3 <= number_of(first.data) <= expected + 1


@pytest.mark.integration
def test_an_unknown_stream_is_an_error_of_the_source(server: rtsp.Server) -> None:
    with pytest.raises(av.FFmpegError):
        taken(lambda stop: stream.pictures(f"{server.address}/nobody", 4, clock.system, stop), 1)


@pytest.mark.integration
def test_a_camera_that_dies_and_returns_is_said_once_each(
    server: rtsp.Server, films: Path, stack: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopping = threading.Event()
    reader = Reader(camera(), f"{server.address}/cho", clock.system, stopping)
    thread = threading.Thread(target=reader.run, daemon=True)
    thread.start()
    eventually(lambda: reader.slot.counts.taken > 0)
    server.stop()
    eventually(lambda: reader.slot.counts.failures > 1)
    before = reader.slot.counts.taken
    again = rtsp.Server(films, stack.rtsp_port, datetime.now(UTC), tmp_path / "again.log")
    try:
        eventually(lambda: reader.slot.counts.taken > before)
    finally:
        stopping.set()
        again.stop()
        thread.join()

    said = capsys.readouterr().out
    assert said.count("camera_lost") == 1
    assert said.count("camera_connected") == 2


class Snapshots(BaseHTTPRequestHandler):
    """A camera that answers as its path says."""

    def do_GET(self) -> None:
        good = cv2.imencode(".jpg", yard(7))[1].tobytes()
        answers = {
            "/good": (200, "image/jpeg", good),
            "/html": (200, "text/html; charset=utf-8", b"<html>login</html>"),
            "/cut": (200, "image/jpeg", good[: len(good) // 2]),
            "/broken": (500, "text/plain", b"no"),
            "/huge": (200, "image/jpeg", bytes(snapshot.MAX_BYTES + 1)),
        }
        status, kind, body = answers[self.path]
        if (
            self.path == "/good"
            and self.headers.get("authorization") is None
            and "secret" in self.server.users
        ):  # type: ignore[attr-defined]
            status = 401
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def web() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Snapshots)
    server.users = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def of(web: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{web.server_address[1]}{path}"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        pytest.param("/good", "image/jpeg", id="a picture"),
        pytest.param("/html", "text/html", id="a page: the flow refuses it by its type"),
        pytest.param("/cut", "image/jpeg", id="half a picture: the flow refuses it"),
    ],
)
def test_a_snapshots_bytes_and_type_go_on_as_they_are(
    web: ThreadingHTTPServer, path: str, content_type: str
) -> None:
    (one,) = taken(lambda stop: snapshot.pictures(of(web, path), 10, clock.system, stop), 1)

    assert one.content_type == content_type
    assert one.data


@pytest.mark.parametrize("path", ["/broken", "/huge"])
def test_a_camera_that_answers_nonsense_is_lost_and_asked_again(web: ThreadingHTTPServer, path: str) -> None:
    stopping = threading.Event()
    reader = Reader(camera(), of(web, path), clock.system, stopping)
    thread = threading.Thread(target=reader.run, daemon=True)
    thread.start()
    eventually(lambda: reader.slot.counts.failures > 1)
    stopping.set()
    thread.join()

    assert reader.slot.counts.taken == 0


def test_credentials_come_from_a_file_and_are_in_no_log(
    web: ThreadingHTTPServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web.users.append("secret")  # type: ignore[attr-defined]
    (tmp_path / "camera_cho").write_text("admin:p@ss/word\n", encoding="utf-8")
    where = with_credentials(of(web, "/good"), "cho", tmp_path)
    (one,) = taken(lambda stop: snapshot.pictures(where, 10, clock.system, stop), 1)
    assert number_of(one.data) == 7

    wrong = with_credentials(of(web, "/broken"), "cho", tmp_path)
    stopping = threading.Event()
    reader = Reader(camera(), wrong, clock.system, stopping)
    threading.Thread(target=reader.run, daemon=True).start()
    eventually(lambda: reader.slot.counts.failures > 0)
    stopping.set()
    said = capsys.readouterr().out
    assert "camera_lost" in said
    assert "admin" not in said
    assert "p%40ss" not in said


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("rtsp://admin:pw@10.0.0.5/live: refused", "rtsp://•••@10.0.0.5/live: refused"),
        ("no address at all", "no address at all"),
    ],
)
def test_what_stands_before_the_host_is_scrubbed(text: str, clean: str) -> None:
    assert scrubbed(text) == clean


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        pytest.param(None, "rtsp://192.0.2.1/live", id="its own"),
        pytest.param("rtsp://127.0.0.1:8554", "rtsp://127.0.0.1:8554/cho", id="the simulator's server"),
        pytest.param("/films", "/films/cho.mp4", id="a folder of films"),
    ],
)
def test_where_a_camera_is(server: str | None, expected: str) -> None:
    assert address(camera(where="rtsp://192.0.2.1/live"), server) == expected


def test_a_newer_picture_takes_the_place_of_the_old_one() -> None:
    slot = Slot()
    for i in range(3):
        slot.put(Picture(datetime.now(UTC), "image/jpeg", bytes([i])))
    found = slot.take()

    assert found is not None
    assert found.data == b"\x02"
    assert (slot.counts.taken, slot.counts.dropped) == (3, 2)
    assert slot.take() is None


def test_what_is_sealed_opens_only_with_its_key_and_its_name() -> None:
    sealed = Seal(bytes(32)).seal(b"face", about("cho"))

    assert b"face" not in sealed
    assert Seal(bytes(32)).open(sealed, about("cho")) == b"face"
    for seal, name in ((Seal(bytes(31) + b"1"), "cho"), (Seal(bytes(32)), "duong")):
        with pytest.raises(NotSealedByUsError):
            seal.open(sealed, about(name))
    with pytest.raises(NotSealedByUsError):
        Seal(bytes(32)).open(sealed[:-1], about("cho"))


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = key(tmp_path, "frames")

    assert key(tmp_path, "frames") == first
    assert len(first) == 32
    assert (tmp_path / "key_frames").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["key_frames"]


@pytest.mark.integration
def test_pictures_reach_kafka_sealed_and_counted(stack: Settings, films: Path, tmp_path: Path) -> None:
    own = stack.model_copy(update={"camera_server": str(films), "secrets": tmp_path, "var": tmp_path})
    before = len(kafka.everything(stack.bootstrap, "frames", 4))
    capture = Capture(own, [camera()])
    thread = threading.Thread(target=capture.run)
    thread.start()
    eventually(lambda: capture.counts()["cho"].sent >= 4)
    capture.stop()
    thread.join()
    new = kafka.everything(stack.bootstrap, "frames", 4)[before:]

    counts = msgspec.json.decode((tmp_path / "cameras.json").read_bytes())["cho"]
    assert counts["sent"] == len(new)
    assert counts["taken"] == counts["sent"] + counts["dropped"]
    seal = Seal(key(tmp_path, "frames"))
    for name, value in new:
        frame = msgspec.msgpack.decode(value, type=Frame)
        assert name == b"cho"
        assert b"\xff\xd8\xff" not in value
        assert seal.open(frame.sealed, about("cho")).startswith(b"\xff\xd8\xff")
