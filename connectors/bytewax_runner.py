"""Run a dataflow: recovery store, snapshots each second, clean stop on SIGTERM."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from bytewax.errors import BytewaxRuntimeError
from bytewax.recovery import RecoveryConfig
from bytewax.run import cli_main

from connectors.recovery.place import Claim, has_store
from connectors.recovery.store import make
from models.envelope.ownership import WHOLE

if TYPE_CHECKING:
    from pathlib import Path

    from bytewax.dataflow import Dataflow

log = structlog.get_logger(__name__)

EPOCH = timedelta(seconds=1)
"""Snapshot interval: after a crash at most a second of records is judged again."""


class FlowError(RuntimeError):
    """A flow has failed; says by what, in the last line of its log: the engine tells the step, and its cause long before."""


def run(flow: Dataflow, state: Path | Claim) -> None:
    """Run `flow` with one worker until SIGTERM; its memory is kept where `state` says, or in that folder as the only process.

    Raises connectors.recovery.place.StateError where a folder is another process's, or its state is for several, and FlowError.
    """
    with state if isinstance(state, Claim) else Claim(state, WHOLE) as claim:
        if not has_store(claim.folder):
            make(claim.folder)
        tune()
        log.info("flow_starts", flow=flow.flow_id, owner=str(claim.owner), state=str(claim.folder))
        recovery = RecoveryConfig(str(claim.folder), backup_interval=timedelta(0))  # type: ignore[no-untyped-call]
        try:
            cli_main(flow, epoch_interval=EPOCH, recovery_config=recovery)  # type: ignore[no-untyped-call]
        except BytewaxRuntimeError as error:
            cause: BaseException = error
            while cause.__cause__ is not None:
                cause = cause.__cause__
            msg = f"{flow.flow_id}: {type(cause).__name__}: {cause}"
            raise FlowError(msg) from error
    log.info("flow_stopped", flow=flow.flow_id, owner=str(claim.owner))


def tune() -> None:
    """Collect garbage rarely: messages make many short-lived objects and no cycles (23 %, measured)."""
    gc.set_threshold(50_000, 20, 100)
