"""Tell the running MQTT broker that its passwords and rights have changed."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from infra.run.stack import compose
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor

if TYPE_CHECKING:
    from connectors.settings import Settings


def reload(settings: Settings) -> bool:
    """Whether a broker of this copy runs and was told; who may stay stays connected, who may not is dropped."""
    for program in Supervisor(place(settings)).state():
        if program.program == "mosquitto" and program.pid:
            os.kill(program.pid, signal.SIGHUP)
            return True
    return compose.reload_broker(settings)
