"""Whether what each flow remembers is for as many processes as the settings say, and all of them run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.recovery.place import StateError, in_force, mismatch
from infra.run.doctor.line import Line, bad, good
from infra.run.processes import SHARED, owners, program_name, state_folder

if TYPE_CHECKING:
    from collections.abc import Collection

    from connectors.settings import Settings


def look(own: Settings, running: Collection[str]) -> list[Line]:
    """A line for each flow that is shared or whose state is for another number; `running`: the supervisor's programs, none where it does not run."""
    found = []
    for flow in SHARED:
        wanted = own.shards(flow)
        try:
            kept = in_force(state_folder(own, flow))
        except StateError as error:
            found.append(bad(error.vi, error.en, f"phusa logs {flow}", f"phusa logs {flow}"))
            continue
        if kept not in (None, wanted):
            wrong, command = mismatch(flow, kept or 0, wanted), f"phusa down; phusa reshard {flow} {wanted}"
            found.append(bad(wrong.vi.partition(":")[0], wrong.en.partition(":")[0], command, command))
        elif wanted > 1:
            found.append(_shared(flow, [program_name(flow, owner) for owner in owners(own, flow)], running))
    return found


def _shared(flow: str, programs: list[str], running: Collection[str]) -> Line:
    away = [program for program in programs if running and program not in running]
    if away:
        names = ", ".join(away)
        return bad(
            f"{flow}: {names} không chạy, phần của nó không ai đọc",
            f"{names} does not run, nobody reads its partitions",
            "phusa up",
            "phusa up",
        )
    return good(
        f"{flow}: {len(programs)} tiến trình chia nhau", f"{flow}: shared by {len(programs)} processes"
    )
