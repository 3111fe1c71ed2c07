"""Waits and limits that a sensor's own interval or noise would cross for ever: a message each few minutes.

A configuration with `silent_after_s: 301` at an interval of 300 s and a hysteresis below the noise told 56 SMS in
six hours of nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.parameters import PARAMETERS
from models.commune.configuration import Average, Direction
from models.envelope.level_mistakes import worse
from models.envelope.mistake import Mistake, Path, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Commune, Parameter, Rule
    from models.quality.settings import Quality

GRACE_S = 60
"""What the way of one reading may take: a logger dials in within half a minute, our own path takes seconds."""
NOISE = {code: row.noise for code, row in PARAMETERS.items() if row.noise is not None}
"""From crest to trough, in the parameter's unit: how far the readings of still water or air lie apart.

The accuracy that makers of such instruments state, twice (once for each side): radar and pressure gauges +-1 to 1.5 cm with
small waves, an ultrasonic sensor above a street +-1 cm, optical oxygen +-0.1 mg/L, water +-0.1 degC, air +-0.2 degC, pH +-0.05.
What has no figure here is held to the commune's own `flat.tolerance`.
"""


def least_silence_s(interval_s: int) -> int:
    """The shortest `silent_after_s`: one reading may be lost, and the next still has its way to go."""
    return 2 * interval_s + GRACE_S


def noise_mistakes(commune: Commune) -> Iterator[Mistake]:
    """Silences told of a single lost reading, levels that noise alone would raise and clear."""
    for i, station in enumerate(commune.stations):
        for j, parameter in enumerate(station.parameters):
            yield from _silence(("stations", i, "parameters", j, "silent_after_s"), parameter)
    for i, rule in enumerate(commune.rules):
        yield from _hysteresis(("rules", i, "levels"), rule, commune.quality)


def _silence(path: Path, parameter: Parameter) -> Iterator[Mistake]:
    least = least_silence_s(parameter.interval_s)
    # At or below the interval itself: told by the checks of stations.
    if parameter.interval_s < parameter.silent_after_s < least:
        text = f"2 x interval_s + {GRACE_S} = {least}"
        vi, en = (
            f"ít nhất {text} (mất một số liệu chưa phải mất tín hiệu)",
            f"at least {text} (one lost reading is no silence)",
        )
        yield wrong(path, parameter.silent_after_s, vi, en)


def _hysteresis(path: Path, rule: Rule, quality: Sequence[Quality]) -> Iterator[Mistake]:
    """A mean of an hour has little noise left, so only single values are held to it."""
    least = (
        0.0 if rule.average is Average.HOUR else max(NOISE.get(rule.parameter, 0.0), _moves(rule, quality))
    )
    for i, level in enumerate(rule.levels):
        apart = round(abs(level.raise_at - level.clear_at), 9)
        # Equal limits, or on the wrong side: told by the checks of rules.
        right = worse(level.raise_at, level.clear_at, above=rule.direction is Direction.ABOVE)
        if right and apart < least:
            text = f"{least:g}"
            vi = f"cách raise_at ({level.raise_at:g}) ít nhất {text}: nhiễu của cảm biến"
            en = f"at least {text} away from raise_at ({level.raise_at:g}): the sensor's noise"
            yield wrong((*path, i, "clear_at"), level.clear_at, vi, en)


def _moves(rule: Rule, quality: Sequence[Quality]) -> float:
    """What the commune says that the sensor always moves by: below it, it is taken for stuck."""
    return max(
        (
            setting.flat.tolerance
            for setting in quality
            if setting.flat is not None
            and setting.parameter == rule.parameter
            and (not setting.stations or set(setting.stations) & set(rule.stations))
        ),
        default=0.0,
    )
