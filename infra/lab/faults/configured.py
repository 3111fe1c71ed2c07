"""The fault test's own copy of the commune: ladders that climb within a wave of the load, and people whose SMS says how to answer.

Minutes are the platform's, of which the test's clock runs through many a second; what a person would have in half an hour is over in a
wave. So the rungs are minutes apart, and rules hold for minutes: else no wave would reach a level that anybody is called for.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from connectors import http
from infra.rehearsal.gateway.sms import KEYWORD, SHORT_NUMBER

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.settings import Settings

HOLD_S, CLEAR_HOLD_S = 120, 300
"""Longest holding times of rules, in the platform's seconds."""
FIRST_MIN, EVERY_MIN, REPEAT_MIN = 2, 3, 4
"""The first rung of each ladder, from one to the next, and who has not answered is told again: of the platform's minutes."""


def configure(source: Path, to: Path) -> None:
    """Copy the commune `source` to `to`; its ladders call the same people, sooner, and its rules hold shorter."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to)
    yaml = YAML()
    rules = yaml.load(to / "rules.yaml")
    for rule in rules["rules"]:
        for name, longest in (("hold_s", HOLD_S), ("clear_hold_s", CLEAR_HOLD_S)):
            if name in rule:
                rule[name] = min(rule[name], longest)
    yaml.dump(rules, to / "rules.yaml")
    path = to / "routing.yaml"
    if not path.exists():
        return
    routing = yaml.load(path)
    for ladder in routing["routing"].get("ladders", []):
        for number, rung in enumerate(ladder["rungs"]):
            rung["after_min"] = FIRST_MIN + number * EVERY_MIN
        ladder["repeat_min"] = REPEAT_MIN
    yaml.dump(routing, path)


def take_answers(settings: Settings) -> None:
    """Give the copy's account of eSMS its short number: from then on each SMS says how to answer."""
    path = settings.secrets_dir / "esms.json"
    account = http.secret(path) | {"incoming": f"{KEYWORD} {{}} gui {SHORT_NUMBER}"}
    path.write_text(json.dumps(account), encoding="utf-8")
