"""Each flow is drawn; the drawing is kept, so that a change of its shape is seen in review."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bytewax.dataflow import Dataflow
from bytewax.testing import TestingSink, TestingSource
from bytewax.visualize import to_mermaid

from flows import alerts, cameras, telemetry
from tests.builders import commune
from tests.frames import eyes

GOLDEN = Path(__file__).parent.parent / "golden" / "flows"


def _telemetry() -> Dataflow:
    ends = [TestingSink([]) for _ in range(4)]
    return telemetry.build(TestingSource([]), *ends, {})


def _alerts() -> Dataflow:
    stages = alerts.Notifying(commune())
    return alerts.build(TestingSource([]), stages, lambda _: TestingSink([]), TestingSink([]))


def _cameras() -> Dataflow:
    ends = [TestingSink([]) for _ in range(4)]
    return cameras.build(TestingSource([]), *ends, {}, eyes())


FLOWS = {"telemetry": _telemetry, "alerts": _alerts, "cameras": _cameras}


@pytest.mark.parametrize("name", FLOWS)
def test_the_flow_looks_like_its_picture(name: str) -> None:
    drawn = to_mermaid(FLOWS[name]()).rstrip() + "\n"
    path = GOLDEN / f"{name}.mmd"
    if os.environ.get("PHUSA_UPDATE_GOLDEN"):
        path.write_text(drawn, encoding="utf-8")

    assert drawn == path.read_text(encoding="utf-8")
