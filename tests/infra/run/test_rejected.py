"""`phusa rejected replay` says of each kept message whether it was sent, is still refused, or was skipped, and marks only the first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from connectors.timescale.rejects import Kept
from infra.run.cli.rejected import app
from tests.builders import payload

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

AT = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
FILE = "file:HUE_LAVANHA_KK01_20261012140000.txt@abcd"


def kept(topic: str, offset: int, data: bytes) -> Kept:
    return Kept(topic, 0, offset, AT, b"phu-oc", "wrong_type", "sai", "wrong", data, None)


ALL = [
    kept("readings", 1, payload(4.2)),
    kept(FILE, 2, b"PM10\t31.5\t\xb5g/m\xb3\t20261012140000\t00"),
    kept(FILE, 3, b"PM10\tx\tug/m3\t20261012140000\t00"),
    kept("form:nguoi-01", 4, b"{}"),
    kept("http:esms", 5, b"{}"),
]


def test_the_command_counts_what_was_sent_what_is_still_refused_and_what_was_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marked, sent = list[Kept](), list[Any]()

    def batches(*_: Any) -> Iterator[list[Kept]]:
        yield ALL[:2]
        yield ALL[2:]

    monkeypatch.setattr("connectors.timescale.rejects.batches", batches)
    monkeypatch.setattr("connectors.timescale.rejects.mark", lambda _dsn, found: marked.extend(found))
    monkeypatch.setattr("connectors.kafka.replay.send", lambda _bootstrap, records: sent.extend(records))
    monkeypatch.setattr("connectors.settings.Settings.dsn", lambda *_: "")

    done = CliRunner().invoke(app, ["replay", "--all"])

    assert done.exit_code == 0, done.output
    assert marked == ALL[:2]
    assert [(one.topic, one.key) for one in sent] == [("readings", b"phu-oc"), ("readings", b"air-la-van-ha")]
    assert done.output.splitlines() == [
        "Đã gửi lại 2 bản tin (2 messages sent again). Xem: phusa status",
        "Vẫn không đọc được 1: sai kiểu hoặc thiếu trường (1 still refused: wrong type or missing field)",
        "Bỏ qua 1: phiếu: người đo đã được hỏi lại ngay (1 skipped: a form: the person was asked at once)",
        "Bỏ qua 1: lời gọi HTTP: bên gọi tự gửi lại (1 skipped: an HTTP call: the caller sends it again)",
    ]


def test_nothing_chosen_is_no_choice() -> None:
    done = CliRunner().invoke(app, ["replay"])

    assert done.exit_code == 2
