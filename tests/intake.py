"""A commune with one official station and one person who measures, and what stands for Kafka and for the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from connectors.kafka.sink import DeliveryError
from models.commune.configuration import Commune, Hamlet, Parameter, Station
from models.envelope.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.envelope.rejected import Rejected

NOW = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
NAME = "HUE_LAVANHA_KK01_20261012140000.txt"
GOOD = "PM-10\t31.5\tug/m3\t20261012140000\t00\r\n"
BAD = "PM2,5\t12,5\tug/m3\t20261012140000\t00\r\n"
STATIONS = [
    Station(
        "air", "Trạm", ["ha"],
        [Parameter(code, "ug/m3", 0, 1000, 300, 3600) for code in ("pm10", "pm25")],
        file_names=["HUE_LAVANHA_KK01"],
    ),
    Station("nguoi-01", "Người đo", ["ha"], [Parameter("dissolved_oxygen", "mg/L", 0, 20, 86400, 604800)]),
]  # fmt: skip
COMMUNE = Commune([], [Hamlet("ha", "Hạ", "xa", date(2020, 1, 1))], STATIONS, [], [])


class Taken:
    """Stands for Kafka in tests of the folder alone; `away` fails as Kafka does."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.rejected: list[Rejected] = []
        self.away = False

    def put(self, readings: Sequence[Reading], rejected: Sequence[Rejected], _arrived_ms: int) -> None:
        if self.away:
            raise DeliveryError("away")
        self.readings += readings
        self.rejected += rejected


class Hand:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s
