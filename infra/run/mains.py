"""What runs in a process of infra/run/processes.py: a flow with its recovery store, and what is put together of several parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors import bytewax_runner
from infra.run.processes import state_folder

if TYPE_CHECKING:
    from connectors.recovery.place import Claim
    from connectors.settings import Settings


def telemetry(_own: Settings, claim: Claim) -> None:
    """Readings of the partitions of `claim`."""
    from flows import telemetry as flow

    bytewax_runner.run(flow.production(claim.owner), claim)


def cameras(_own: Settings, claim: Claim) -> None:
    """Frames of the partitions of `claim`."""
    from flows import cameras as flow

    bytewax_runner.run(flow.production(claim.owner), claim)


def payments(_own: Settings, claim: Claim) -> None:
    """Payments of the partitions of `claim`."""
    from flows import payments as flow

    bytewax_runner.run(flow.production(claim.owner), claim)


def alerts(own: Settings) -> None:
    """All changes of alerts."""
    from flows import alerts as flow

    bytewax_runner.run(flow.production(), state_folder(own, "alerts"))


def places(own: Settings) -> None:
    """Witnesses, neighbours and the link; beside the flow the state of each place is said from the store."""
    from connectors.timescale.saying import saying
    from flows import places as flow

    with saying(own):
        bytewax_runner.run(flow.production(), state_folder(own, "places"))


def housekeeper(own: Settings) -> None:
    """Retention, roll-ups, and what this machine measures of itself."""
    from connectors.timescale import housekeeper as store_keeper
    from infra.run.stack.measured import measured

    store_keeper.run(own, lambda store: measured(own, store))
