"""What the canary's reading leaves behind: its change of level, and nothing in any figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.commune.canary import CANARY

if TYPE_CHECKING:
    from models.telemetry.out import Out


def pass_over(out: Out) -> None:
    """Take the canary out of a batch in which it spoke: its readings count as beats, so they are neither stored nor published."""
    if CANARY not in out.heard:
        return
    del out.heard[CANARY]
    kept = [i for i, one in enumerate(out.observations) if one.source != CANARY]
    out.beats += len(out.observations) - len(kept)
    out.observations = [out.observations[i] for i in kept]
    out.origins = [out.origins[i] for i in kept]
    out.levels = [one for one in out.levels if one.source != CANARY]
    out.withdrawn = [one for one in out.withdrawn if one.source != CANARY]
    out.verdicts = [one for one in out.verdicts if one.source != CANARY]
