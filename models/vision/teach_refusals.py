"""What a camera cannot be taught from, each by name; nothing is learned then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.bilingual import Bilingual
from models.vision import view
from models.vision.taught import Light
from models.vision.water import RATIO, is_dark, light_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from models.vision.camera import Zone
    from models.vision.lesson import Label, Shot
    from models.vision.taught import Taught

LEAST_PICTURES, LEAST_DRY = 6, 4
"""Fewer give no median that a single car cannot move."""
NAMED = 3
"""So many pictures are named, the rest counted."""


def refused(
    zones: Sequence[Zone], shots: Sequence[Shot], labels: Sequence[Label], before: Taught | None
) -> list[Bilingual]:
    """All reasons; `before`: what the camera was taught of the view that it has by its number, None where it has none."""
    if not zones:
        return [
            Bilingual("camera không có vùng nước nào (kind: water)", "the camera has no zone of kind water")
        ]
    if len(shots) < LEAST_PICTURES:
        return [
            Bilingual(
                f"quá ít ảnh: {len(shots)}, cần ít nhất {LEAST_PICTURES}",
                f"too few pictures: {len(shots)}, expected at least {LEAST_PICTURES}",
            )
        ]
    found = [*_strange(zones, shots, labels), *_sizes(shots, before)]
    # Edges of pictures of another size are no view to compare.
    return found or [*_views(zones, shots, before), *_one_sided(zones, shots, labels)]


def _strange(zones: Sequence[Zone], shots: Sequence[Shot], labels: Sequence[Label]) -> Iterator[Bilingual]:
    names, ids = {shot.name for shot in shots}, {zone.id for zone in zones}
    missing = sorted({label.picture for label in labels} - names)
    if missing:
        listed = _listed(missing)
        yield Bilingual(f"không có ảnh: {listed.vi}", f"no such picture: {listed.en}")
    unknown = sorted({label.zone for label in labels} - ids)
    if unknown:
        listed = _listed(unknown)
        yield Bilingual(f"không có vùng nước: {listed.vi}", f"no such zone of kind water: {listed.en}")
    for label in labels:
        if label.crop is not None and not (label.crop[0] < label.crop[2] and label.crop[1] < label.crop[3]):
            yield Bilingual(
                f"mẫu của {label.picture} không có diện tích", f"a crop of {label.picture} has no area"
            )


def _sizes(shots: Sequence[Shot], before: Taught | None) -> Iterator[Bilingual]:
    """Pictures are of one size, that of the reference; it has the ratio that was taught before."""
    first = shots[0]
    others = [shot for shot in shots if (shot.width, shot.height) != (first.width, first.height)]
    if others:
        listed = _listed([f"{shot.name} ({shot.width}x{shot.height})" for shot in others])
        size = f"{first.width}x{first.height}"
        yield Bilingual(
            f"ảnh khác cỡ với ảnh mẫu {first.name} ({size}), luồng phụ?: {listed.vi}",
            f"pictures of another size than the reference {first.name} ({size}), a sub-stream?: {listed.en}",
        )
    elif (
        before is not None and abs((first.width / first.height) / (before.width / before.height) - 1) > RATIO
    ):
        yield Bilingual(
            f"tỉ lệ ảnh {first.width}x{first.height} khác lần dạy trước ({before.width}x{before.height})",
            f"a ratio of {first.width}x{first.height}, another than taught before ({before.width}x{before.height})",
        )


def _views(zones: Sequence[Zone], shots: Sequence[Shot], before: Taught | None) -> Iterator[Bilingual]:
    """All pictures show the view of the reference, and that is the view that was taught under this number."""
    weights = view.away_from([zone.polygon for zone in zones])
    seen = [shot for shot in shots if not is_dark(shot.look)]
    if not seen:
        yield Bilingual("mọi ảnh đều quá tối", "all pictures are too dark")
        return
    known = [] if before is None else [view.unpacked(body) for body in before.fields.values()]
    if known and not any(view.register(own, seen[0].look.field, weights).same for own in known):
        yield Bilingual(
            f"khung hình {seen[0].name} khác lần dạy trước: nếu camera đã xoay, tăng `view` trong cameras.yaml",
            f"{seen[0].name} shows another view than was taught before: if the camera was turned, raise `view` in cameras.yaml",
        )
        return
    # Lamps take over from the sun step by step: a picture fits if it fits any that fitted before it.
    fields, left = [seen[0].look.field], list(seen[1:])
    while fitting := [shot for shot in left if _fits(fields, shot, weights)]:
        fields += [shot.look.field for shot in fitting[:NAMED]]
        names = {shot.name for shot in fitting}
        left = [shot for shot in left if shot.name not in names]
    if left:
        listed = _listed([shot.name for shot in left])
        yield Bilingual(
            f"ảnh có khung hình khác ảnh mẫu {seen[0].name}: {listed.vi}",
            f"pictures of another view than the reference {seen[0].name}: {listed.en}",
        )


def _fits(fields: list[NDArray[np.float32]], shot: Shot, weights: NDArray[np.float32]) -> bool:
    return any(view.register(own, shot.look.field, weights).same for own in fields)


def _one_sided(zones: Sequence[Zone], shots: Sequence[Shot], labels: Sequence[Label]) -> Iterator[Bilingual]:
    """Dry and not dry are both labelled; each zone has dry pictures enough, by day or dusk."""
    states = {str(label.state) for label in labels}
    if not states:
        yield Bilingual("chưa có mẫu nào được gán nhãn", "no crop is labelled")
    elif "dry" not in states:
        yield Bilingual("chỉ có mẫu ướt hoặc ngập, thiếu mẫu khô", "only wet or flooded crops, none is dry")
    elif states == {"dry"}:
        yield Bilingual(
            "chỉ có mẫu khô: cần vài mẫu ướt hoặc ngập (vũng nước, mương, mặt đường sau mưa trong cùng khung hình cũng được)",
            "only dry crops: some wet or flooded ones are needed (a puddle, a ditch, the road after rain in the same view will do)",
        )
    looks = {shot.name: shot.look for shot in shots}
    for zone in zones:
        dry = {
            label.picture
            for label in labels
            if label.zone == zone.id and str(label.state) == "dry" and label.crop is None
        }
        seen = [
            name
            for name in dry
            if name in looks and not is_dark(looks[name]) and light_of(looks[name]) is not Light.NIGHT
        ]
        if "dry" in states and len(seen) < LEAST_DRY:
            yield Bilingual(
                f"vùng {zone.id}: quá ít ảnh khô đủ sáng: {len(seen)}, cần ít nhất {LEAST_DRY}",
                f"zone {zone.id}: too few dry pictures with light: {len(seen)}, expected at least {LEAST_DRY}",
            )


def _listed(names: Sequence[str]) -> Bilingual:
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return (
        Bilingual(shown, shown)
        if more <= 0
        else Bilingual(f"{shown} và {more} nữa", f"{shown} and {more} more")
    )
