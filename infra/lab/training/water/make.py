"""From photographs and labels to the shipped net, its card, and pictures of what it gets wrong."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

import msgspec

from infra.lab.training.water import failures
from infra.lab.training.water.card import card, hashed
from infra.lab.training.water.figures import figures
from infra.lab.training.water.measure import drawn, temperature
from infra.lab.training.water.plan import SEED, Plan
from infra.lab.training.water.sources import street
from infra.lab.training.water.split import Part
from models.vision.water_net import load_segmenter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from infra.lab.training.water.sources import Sample

UNKNOWN = "không ghi (not recorded)"


class Made(msgspec.Struct, frozen=True):
    """What only the training knows; kept in `made.json` beside its state, for the card."""

    seconds: float
    epochs: int
    learned: dict[str, int]
    scale: float
    machine: str


def train(plan: Plan, to: Path, tell: Callable[[str], None]) -> None:
    """Train, fit the probability on pictures that were not learned from, write water.xml and water.bin into `to`."""
    # Here and not above: only training needs torch.
    from infra.lab.training.water.net import exported
    from infra.lab.training.water.trainer import gathered, trained

    net, seconds = trained(plan, tell)
    raw = plan.out / "raw.xml"
    exported(net, 1.0, raw)
    samples = street(plan.data, plan.labels)[Part.CALIBRATE]
    scale = _fitted(raw, samples)
    tell(f"xác suất (probability): {scale:.3f} * logit, {len(samples)} ảnh (pictures)")
    exported(net, scale, to / "water.xml")
    learned = {str(name): len(found) for name, found in gathered(plan).items()}
    epochs = sum(stage.epochs for stage in plan.stages)
    made = Made(seconds, epochs, learned, scale, f"{os.cpu_count()} lõi (cores) {platform.machine()}")
    (plan.out / "made.json").write_bytes(msgspec.json.encode(made))
    # Another call begins anew: this one came to its end.
    (plan.out / "state.pt").unlink()


def _fitted(net: Path, samples: list[Sample]) -> float:
    grids = load_segmenter(net)([sample.picture for sample in samples])
    said, true = drawn(grids, samples)
    return temperature(said, true)


def described(plan: Plan, folder: Path, tell: Callable[[str], None]) -> Path:
    """Measure the net in `folder` on what was not learned from; writes its card, water.md, there."""
    net = load_segmenter(folder / "water.xml")
    held = street(plan.data, plan.labels)[Part.TEST]
    grids = net([sample.picture for sample in held])
    tell(f"ảnh sai nhiều nhất (worst pictures): {failures.write(plan.out / 'failures', held, grids)}")
    made_file = plan.out / "made.json"
    made = msgspec.json.decode(made_file.read_bytes(), type=Made) if made_file.is_file() else None
    to = folder / "water.md"
    text = card(figures(plan.data, plan.labels, folder, net, held, grids), hashed(folder), how(made))
    to.write_text(text, encoding="utf-8")
    return to


def how(made: Made | None) -> dict[str, str]:
    """The card's words about the training."""
    if made is None:
        return dict.fromkeys(("street", "road", "aerial", "dry", "time", "machine", "scale"), UNKNOWN) | {
            "seed": str(SEED)
        }
    return {
        **{name: str(number) for name, number in made.learned.items()},
        "seed": str(SEED),
        "time": f"{made.seconds / 60:.0f} phút, {made.epochs} vòng (minutes, epochs)",
        "machine": made.machine,
        "scale": f"{made.scale:.3f} × logit",
    }
