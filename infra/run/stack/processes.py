"""Our own processes as programs of the supervisor: `phusa run NAME` each."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from connectors.recovery.place import StateError, in_force, mismatch
from infra.run.processes import PROCESSES, SHARED, TABLE, owners, program_name, ready_file, state_folder
from infra.run.stack.place import place
from infra.run.stack.program import Program
from infra.run.stack.voice import StackError
from models.envelope.ownership import WHOLE, Ownership

if TYPE_CHECKING:
    from collections.abc import Collection

    from connectors.settings import Settings

FIRST_PRIORITY = 20
PREFIX = "PHUSA_"


def wanted(settings: Settings) -> tuple[str, ...]:
    """The processes of this copy; the local gateway only while no real one is named."""
    return PROCESSES if settings.gateway_is_local else PROCESSES[1:]


def require_state(settings: Settings, names: Collection[str]) -> None:
    """Raise StackError where what a flow remembers is for another number of processes than it is to have."""
    for name in names:
        if name in SHARED:
            try:
                found, wanted = in_force(state_folder(settings, name)), settings.shards(name)
            except StateError as error:
                raise StackError(error.vi, error.en) from error
            if found not in (None, wanted):
                wrong = mismatch(name, found or 0, wanted)
                raise StackError(wrong.vi, wrong.en)


def programs(settings: Settings, names: Collection[str], extra: dict[str, str]) -> list[Program]:
    """Describe the processes `names`, each of those that share one; `extra` is added to the settings of this process."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)} | extra
    environment |= {"PYTHONUNBUFFERED": "1", "PHUSA_VAR": str(place(settings).var)}
    return [
        Program(
            name=program_name(name, owner),
            command=(sys.executable, "-m", "infra.run.processes", name, *_share(owner)),
            priority=FIRST_PRIORITY + number,
            folder=place(settings).var,
            environment=environment,
            stop_wait_s=one.stop_wait_s,
            ports={} if one.port is None else {one.port_title: getattr(settings, one.port)},
            ready=ready_file(settings, program_name(name, owner)),
        )
        for number, (name, one) in enumerate(TABLE.items())
        if name in names
        for owner in owners(settings, name)
    ]


def _share(owner: Ownership) -> list[str]:
    return [] if owner == WHOLE else ["--shard", str(owner)]
