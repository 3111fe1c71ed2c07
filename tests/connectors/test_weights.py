"""Weights: what is configured first, then by name, then our own; a wrong file is refused by its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest

from connectors.weights import OWN, WeightsError, automatic, resolve
from models.vision import weights
from models.vision.weights import KNOWN, Weights, wanted

BYTES = b"a net"
HASH = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KNOWN, "tiny.onnx", Weights("tiny.onnx", "https://example.org/tiny", HASH, "MIT"))


def client(answer: httpx.Response | Exception) -> httpx.Client:
    def handle(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx.Client(transport=httpx.MockTransport(handle))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.onnx"
    path.write_bytes(BYTES)
    return path


@pytest.mark.parametrize("nothing", [None, ""])
def test_without_a_setting_our_own_detector_is_taken(nothing: str | None, tmp_path: Path) -> None:
    assert resolve(nothing, tmp_path) == OWN


def test_our_own_detector_is_in_the_repository() -> None:
    assert OWN.is_file()
    assert OWN.with_suffix(".bin").is_file()


def test_a_configured_path_comes_first(file: Path, tmp_path: Path) -> None:
    assert resolve(str(file), tmp_path / "cache") == file


def test_a_configured_hash_is_checked(file: Path, tmp_path: Path) -> None:
    assert resolve(f"{file}@sha256:{HASH}", tmp_path / "cache") == file


def test_a_wrong_file_is_refused_with_both_hashes(file: Path, tmp_path: Path) -> None:
    other = "0" * 64

    with pytest.raises(WeightsError) as told:
        resolve(f"{file}@sha256:{other}", tmp_path / "cache")

    assert str(file) in str(told.value)
    assert HASH in str(told.value)
    assert other in str(told.value)


def test_a_path_that_is_not_there_is_refused_with_the_known_names(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"yolo26n\.pt"):
        resolve(str(tmp_path / "gone.onnx"), tmp_path)


@pytest.mark.usefixtures("known")
def test_a_known_name_is_downloaded_once(tmp_path: Path) -> None:
    first = resolve("tiny.onnx", tmp_path, client=client(httpx.Response(200, content=BYTES)))
    again = resolve("tiny.onnx", tmp_path, client=client(httpx.ConnectError("asked twice")))

    assert first == again == tmp_path / "tiny.onnx"
    assert first.read_bytes() == BYTES


@pytest.mark.usefixtures("known")
def test_a_download_of_another_hash_is_refused_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=HASH):
        resolve("tiny.onnx", tmp_path, client=client(httpx.Response(200, content=b"another net")))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(httpx.ConnectError("no network"), id="no network"),
        pytest.param(httpx.ReadTimeout("slow"), id="timeout"),
        pytest.param(httpx.Response(404), id="not found"),
    ],
)
@pytest.mark.usefixtures("known")
def test_without_a_network_our_own_detector_is_taken_and_said(
    tmp_path: Path, answer: httpx.Response | Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert resolve("tiny.onnx", tmp_path, client=client(answer)) == OWN

    assert "tiny.onnx cannot be downloaded" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(weights.KNOWN))
def test_known_weights_have_a_whole_hash_a_release_and_a_licence(name: str) -> None:
    one = weights.KNOWN[name]

    assert len(bytes.fromhex(one.sha256)) == 32
    assert one.url.endswith(name)
    assert one.licence in {"AGPL-3.0", "Apache-2.0"}


def test_a_short_hash_is_part_of_the_name() -> None:
    assert wanted("a@sha256:12") == ("a@sha256:12", None)


def test_auto_is_our_own_where_no_larger_net_lies_and_downloads_nothing(tmp_path: Path) -> None:
    assert automatic(tmp_path, 1.0, cores=64) == OWN
    assert resolve("auto", tmp_path) == OWN


def test_auto_takes_a_larger_net_that_lies_there_and_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "yolo26n.pt"
    (tmp_path / name).write_bytes(BYTES)
    monkeypatch.setitem(KNOWN, name, Weights(name, "https://example.org/net", HASH, "AGPL-3.0"))
    monkeypatch.setattr("connectors.weights.find_spec", lambda _: object())
    assert automatic(tmp_path, 1.0, cores=2) == tmp_path / name

    monkeypatch.setattr("connectors.weights.find_spec", lambda _: None)
    assert automatic(tmp_path, 1.0, cores=2) == OWN


def test_auto_refuses_a_file_that_is_not_the_one_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "yolo26n.pt").write_bytes(BYTES)
    monkeypatch.setattr("connectors.weights.find_spec", lambda _: object())
    with pytest.raises(WeightsError, match=r"yolo26n\.pt"):
        automatic(tmp_path, 1.0, cores=2)
