"""The flow of cameras as a process of its own, real at its ends, with a net for which blue is water: what test_taught.py kills and teaches.

python -m tests.flows.taught_flow BOOTSTRAP DSN FRAMES OBSERVATIONS ALERTS REJECTED STATE
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from connectors import bytewax_runner
from connectors.cameras.eyes import eyes
from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from connectors.sealing import Seal
from connectors.teach.store import Teachings
from connectors.timescale.pictures import camera_sink
from flows.cameras import build, encode_changes, encode_observations, encode_rejected, same_partition
from models.cameras.memory import plan
from models.vision.detection import Detections
from tests.messages import place
from tests.water import camera, segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

KEY = bytes(32)


class Nobody:
    """A detector that finds nobody."""

    name, size = "nobody", (320, 180)

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        return [Detections.none() for _ in pictures]


def main(
    bootstrap: str, dsn: str, frames: str, observations: str, alerts: str, rejected: str, state: str
) -> None:
    """Until it is killed."""
    own = plan(msgspec.structs.replace(place(), cameras=[camera()]))
    seeing = replace(eyes(Seal(KEY), Nobody(), 1), segment=segment, taught=Teachings(dsn, every_s=0.2))
    source = KafkaSourceSettings(bootstrap, frames, f"{frames}-flow", batch=8)
    flow = build(
        KafkaSource(source),
        KafkaSink(KafkaSinkSettings(bootstrap, observations), encode_observations, same_partition),
        KafkaSink(KafkaSinkSettings(bootstrap, alerts), encode_changes, same_partition),
        KafkaSink(KafkaSinkSettings(bootstrap, rejected), encode_rejected, None),
        camera_sink(dsn),
        own,
        seeing,
    )
    bytewax_runner.run(flow, Path(state))


if __name__ == "__main__":
    main(*sys.argv[1:])
