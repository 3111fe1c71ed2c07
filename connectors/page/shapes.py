"""How a state looks: its colour, the ink on it, its hatch where it is not known, its shape as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from models.catalogue.states import STATES, State, StateRow

if TYPE_CHECKING:
    from collections.abc import Iterable

DARK, LIGHT = "#111111", "#ffffff"
LIGHTER = "#d9d9d9"
"""The other stripe of a hatch."""
_UNIT = {
    State.NORMAL: '<circle r="8" fill="none" stroke="{ink}" stroke-width="3"/>',
    State.WATCH: '<circle r="8.5" fill="{ink}"/>',
    State.WARNING: '<path d="M0 -10 L10 8 L-10 8 Z" fill="{ink}"/>',
    State.DANGER: '<path d="M0 -11 L11 0 L0 11 L-11 0 Z" fill="{ink}"/>',
    State.SILENT: '<path d="M-8 -8 L8 8 M8 -8 L-8 8" stroke="{ink}" stroke-width="4" fill="none"/>',
    State.UNTRUSTED: '<path d="M-6 -5 A6 6 0 1 1 0 2 L0 4 M0 9 L0 11" stroke="{ink}" stroke-width="4" fill="none"/>',
    State.BLIND: '<circle r="8.5" fill="none" stroke="{ink}" stroke-width="3"/><path d="M-6 6 L6 -6" stroke="{ink}" stroke-width="3"/>',
}
"""Each shape within a square of 24 around (0, 0); drawn, because a font may lack the sign."""


def ink(colour: str) -> str:
    """Black or white, whichever reads better on `colour` (WCAG 2 contrast)."""
    light = luminance(colour) + 0.05
    return DARK if light / (luminance(DARK) + 0.05) >= (luminance(LIGHT) + 0.05) / light else LIGHT


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mark(state: StateRow, x: float, y: float, size: float, *, calm: bool = False) -> str:
    """The state's sign as an SVG group of `size` around (x, y); `calm`: what is well is grey."""
    fill = calm_colour(state) if calm else state.colour
    body = fill if state.known else f"url(#hatch-{state.code})"
    return (
        f'<g transform="translate({x:.1f} {y:.1f}) scale({size / 30:.3f})">'
        f'<circle r="15" fill="{body}" stroke="{DARK}" stroke-width="1.5"/>{_UNIT[state.code].format(ink=ink(fill))}</g>'
    )


def icon(state: StateRow, *, calm: bool = False) -> Markup:
    """The same alone, as an image for a page; the word stands beside it."""
    return Markup(  # noqa: S704 (our own text)
        f'<svg class="icon" viewBox="-16 -16 32 32" aria-hidden="true" focusable="false">{mark(state, 0, 0, 30, calm=calm)}</svg>'
    )


CALM = "#7f858c"


def calm_colour(state: StateRow) -> str:
    """Colour only for what is not well."""
    return CALM if state.code is State.NORMAL else state.colour


def hatches(prefix: str = "hatch-") -> str:
    """SVG definitions: a hatch for each state that is not known. Once a page."""
    return "".join(
        f'<pattern id="{prefix}{one.code}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="8" height="8" fill="{LIGHTER}"/><rect width="4" height="8" fill="{one.colour}"/></pattern>'
        for one in unknown()
    )


def unknown() -> Iterable[StateRow]:
    """States that say that it is not known."""
    return [state for state in STATES.values() if not state.known]


def stylesheet() -> str:
    """CSS of the states, from their one list: `.state-<code>` fills, `.edge-<code>` has a border in the colour."""
    rules = []
    for state in STATES.values():
        fill = f"background-color:{state.colour}"
        if not state.known:
            fill = f"background:repeating-linear-gradient(45deg,{LIGHTER} 0 6px,#bdbdbd 6px 12px)"
        colour = ink(state.colour) if state.known else DARK
        rules.append(f".state-{state.code}{{{fill};color:{colour}}}")
        style = "solid" if state.known else "dashed"
        rules.append(f".edge-{state.code}{{border-color:{state.colour};border-style:{style}}}")
    rules.append(f".calm .state-{State.NORMAL}{{background-color:transparent;color:#c9ced6}}")
    rules.append(f".calm .edge-{State.NORMAL}{{border-color:{CALM}}}")
    return "\n".join(rules) + "\n"
