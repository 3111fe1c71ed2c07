"""The ladder of a gauge: its alarm levels and what the river reaches at which level, and how far it still is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.alerting.words import quantity
from models.catalogue.derived import RIVER
from models.envelope.bilingual import Bilingual
from models.places.saying import scale

if TYPE_CHECKING:
    from models.commune.configuration import Commune

ALARM = "alarm"
"""The kind of a rung that is an alarm level of the rules; the other kinds are models.river.marks.MarkKind."""


class Rung(NamedTuple):
    """One step: at `level` m. `reached`, `distance_m` (positive: still to go) are None where the level of the river is not known."""

    level: float
    name: Bilingual
    kind: str
    source: str
    reached: bool | None
    distance_m: float | None

    @property
    def words(self) -> Bilingual:
        """As "còn 0,64 m tới đường La Vân"; of what is reached, how far the water is above it."""
        if self.distance_m is None:
            return Bilingual(f"{self.name.vi}: chưa rõ mực nước", f"{self.name.en}: level not known")
        far = Bilingual(*(quantity(abs(self.distance_m), "m", language) for language in ("vi", "en")))
        if self.reached:
            return Bilingual(
                f"đã tới {self.name.vi}, trên {far.vi}", f"reached {self.name.en}, {far.en} above"
            )
        return Bilingual(f"còn {far.vi} tới {self.name.vi}", f"{far.en} to {self.name.en}")


def ladder(gauge: str, value: float | None, commune: Commune) -> list[Rung]:
    """All rungs of the gauge, the highest first; `value` is its level in m, None where it is not known (silent, not trusted).

    The SQL function ladder_at says the same of the store; a test holds them equal.
    """
    marks = [
        (mark.level, Bilingual(mark.vi, mark.en), mark.kind.value, mark.source)
        for mark in commune.marks
        if mark.gauge == gauge
    ]
    alarms = [
        (level.raise_at, Bilingual(level.name, level.name), ALARM, _source(gauge, commune))
        for level in scale(commune, gauge, RIVER).levels
    ]
    return [
        Rung(
            *one,
            None if value is None else value >= one[0],
            None if value is None else round(one[0] - value, 2),
        )
        for one in sorted([*marks, *alarms], key=lambda mark: (-mark[0], mark[1].vi))
    ]


def next_rung(rungs: list[Rung]) -> Rung | None:
    """The lowest that is not reached; None where all are, or the level is not known."""
    return next((rung for rung in reversed(rungs) if rung.reached is False), None)


def _source(gauge: str, commune: Commune) -> str:
    return next(
        (rule.source for rule in commune.rules if rule.parameter == RIVER and gauge in rule.stations), ""
    )
