"""What of a drill's time line can be played in a commune, and what cannot is named."""

from __future__ import annotations

import pytest

from connectors import commune as files
from connectors import drills
from connectors.settings import ROOT
from models.alerting.alert import Kind
from models.commune.drill import Scenario, Turn, scenario_mistakes
from tests.stories.alerts import HEAD, commune

COMMUNE = commune(HEAD)
EXAMPLE = ROOT / "infra" / "commune"


def turn(minute: float = 0, level: int = 1, **changed: object) -> Turn:
    fields = {"minute": minute, "kind": Kind.RIVER, "station": "phu-oc", "level": level, "value": 1.6}
    return Turn(**(fields | changed))  # type: ignore[arg-type]


MISTAKES = [
    pytest.param([turn(), turn(5, 0)], [], id="a rise and its end"),
    pytest.param([turn(5), turn(3, 0)], ["minute"], id="time goes back"),
    pytest.param([turn(99)], ["minute"], id="after the end"),
    pytest.param([turn(station="nowhere")], ["station"], id="no such station"),
    pytest.param([turn(kind=Kind.OXYGEN)], ["station"], id="no rule of the kind there"),
    pytest.param([turn(level=5)], ["station"], id="no such level"),
    pytest.param([turn(level=0)], ["level"], id="an end of what never began"),
    pytest.param([turn(), turn(4, 1)], ["level"], id="no change"),
    pytest.param(
        [turn(kind=Kind.FLOOD, station="ven-song", level=3)], ["level"], id="a flood has two levels"
    ),
    pytest.param(
        [turn(kind=Kind.SILENT, level=1), turn(4, 0, kind=Kind.SILENT)], [], id="a station falls silent"
    ),
    pytest.param([turn(kind=Kind.OUTAGE, station="platform", stations=["phu-oc"])], [], id="an outage"),
    pytest.param(
        [turn(kind=Kind.OUTAGE, station="platform", stations=["x"])],
        ["stations"],
        id="of a station that is none",
    ),
]


@pytest.mark.parametrize(("turns", "fields"), MISTAKES)
def test_what_cannot_be_played_is_named_by_its_field(turns: list[Turn], fields: list[str]) -> None:
    found = [mistake.path[-1] for mistake in scenario_mistakes(Scenario("x", 60, turns), COMMUNE)]

    assert found == fields


def test_the_scenarios_of_the_example_can_all_be_played() -> None:
    assert drills.check(EXAMPLE, files.load(EXAMPLE)) == []
    assert {"flood", "fish", "all-silent", "internet-gone"} <= set(drills.scenarios(EXAMPLE))
