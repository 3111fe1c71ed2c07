"""The film server runs on the system's Python, which imports nothing of ours: what it reads of our files is held here."""

from __future__ import annotations

import ast
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.clock import Played
from infra.rehearsal.simulator.rtsp import SCRIPT

START = datetime(2026, 11, 20, tzinfo=UTC)


def film_s() -> Any:
    """The server's own function, without GStreamer's bindings that its module begins with."""
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "film_s"]
    names: dict[str, Any] = {"Path": Path, "time": time}
    exec(compile(ast.Module([function], []), str(SCRIPT), "exec"), names)  # noqa: S102 (our own script)
    return names["film_s"]


def test_the_film_server_stands_where_the_clock_of_the_play_stands(tmp_path: Path) -> None:
    clock = Played(tmp_path / "clock")
    clock.move(START, START + timedelta(hours=2), START, 720.0, START)

    assert film_s()(str(tmp_path / "clock")) == pytest.approx(clock.film_s)
    assert clock.film_s == pytest.approx(10.0)
