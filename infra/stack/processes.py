"""Our own processes as programs of the supervisor: `phusa run NAME` each."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from infra.processes import PROCESSES, TABLE, ready_file
from infra.stack.place import place
from infra.stack.program import Program

if TYPE_CHECKING:
    from collections.abc import Collection

    from connectors.settings import Settings

FIRST_PRIORITY = 20
PREFIX = "PHUSA_"
USUAL_STOP_WAIT_S = 20
STOP_WAIT_S = {"delivery": 75}
"""A token of Zalo that was asked for must come and be written before the process ends: it is given once (60 s at most)."""


def wanted(settings: Settings) -> tuple[str, ...]:
    """The processes of this copy; the local gateway only while no real one is named."""
    return PROCESSES if settings.gateway_is_local else PROCESSES[1:]


def programs(settings: Settings, names: Collection[str], extra: dict[str, str]) -> list[Program]:
    """Describe the processes `names`; `extra` is added to the settings of this process."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)} | extra
    environment |= {"PYTHONUNBUFFERED": "1", "PHUSA_VAR": str(place(settings).var)}
    return [
        Program(
            name=name,
            command=(sys.executable, "-m", "infra.processes", name),
            priority=FIRST_PRIORITY + number,
            folder=place(settings).var,
            environment=environment,
            stop_wait_s=STOP_WAIT_S.get(name, USUAL_STOP_WAIT_S),
            ports={} if one.port is None else {one.port_title: getattr(settings, one.port)},
            ready=ready_file(settings, name),
        )
        for number, (name, one) in enumerate(TABLE.items())
        if name in names
    ]
