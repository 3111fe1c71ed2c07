"""The loop: the same end whether it was stopped on the way or not.

Only loaded for training: it needs torch.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from infra.lab.training.water.augment import varied
from infra.lab.training.water.net import GRID, MEAN, SPREAD, built
from infra.lab.training.water.plan import BATCH, SEED, STEPS, Plan, Source, Stage
from infra.lab.training.water.sources import IGNORED, Sample, aerial, dry, street
from infra.lab.training.water.split import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

ZOOM = {
    # Pictures from the air are taken near: a piece of them is more like what a street camera sees.
    Source.AERIAL: (1.0, 3.0),
    Source.STREET: (0.75, 1.9),
    Source.ROAD: (0.8, 2.5),
    Source.DRY: (0.9, 1.9),
}
STEADY = 0.995
"""How much of the averaged weights stays at each step."""
FROZEN = 4
"""First blocks that stay as ImageNet made them: edges and colours are the same, and half of the time is spent there."""


def trained(plan: Plan, tell: Callable[[str], None]) -> tuple[Any, float]:
    """The net with averaged weights, and the seconds it took; an earlier call that was stopped goes on, an epoch at most is lost."""
    import torch

    torch.set_num_threads(plan.threads)
    # Numbers of less than 1e-38 make a step many times slower.
    torch.set_flush_denormal(True)
    torch.manual_seed(SEED)
    state = State(plan)
    sources = gathered(plan)
    tell(" ".join(f"{name}: {len(found)}" for name, found in sources.items()))
    number = 0
    for stage in plan.stages:
        for epoch in range(stage.epochs):
            if number >= state.done:
                began = time.perf_counter()
                loss = _epoch(state, sources, stage, epoch, number)
                state.keep(number + 1, time.perf_counter() - began)
                tell(f"{stage.name} {epoch + 1}/{stage.epochs}: {loss:.3f}, {state.seconds:.0f} s")
            number += 1
    return state.steady.eval(), state.seconds


def gathered(plan: Plan) -> dict[Source, list[Sample]]:
    """What may be learned from."""
    ground = street(plan.data, plan.labels)[Part.LEARN]
    return {
        Source.STREET: [sample for sample in ground if sample.mask.any()],
        Source.ROAD: [sample for sample in ground if not sample.mask.any()],
        Source.AERIAL: aerial(plan.data),
        Source.DRY: dry(plan.data),
    }


class State:
    """Net, averaged net, optimiser and how far they are; on disk after each epoch."""

    def __init__(self, plan: Plan) -> None:
        self._path, self._signature = plan.out / "state.pt", plan.signature()
        self.net, self.steady = built(), built()
        for layer in (self.net.stem, *self.net.blocks[:FROZEN]):
            layer.requires_grad_(False)
        self.steady.load_state_dict(self.net.state_dict())
        self.maker = _optimiser(self.net)
        self.done, self.seconds = 0, 0.0
        self._restore()

    def _restore(self) -> None:
        import torch

        if not self._path.is_file():
            return
        state = torch.load(self._path, weights_only=True)
        if state["signature"] != self._signature:
            return
        self.net.load_state_dict(state["net"])
        self.steady.load_state_dict(state["steady"])
        self.maker.load_state_dict(state["maker"])
        self.done, self.seconds = int(state["done"]), float(state["seconds"])

    def keep(self, done: int, seconds: float) -> None:
        """After an epoch; beside and then renamed, so that a stop leaves no half file."""
        import torch

        self.done, self.seconds = done, self.seconds + seconds
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        parts = {"net": self.net, "steady": self.steady, "maker": self.maker}
        state = {name: thing.state_dict() for name, thing in parts.items()}
        torch.save(state | {"signature": self._signature, "done": done, "seconds": self.seconds}, part)
        part.replace(self._path)


def _optimiser(net: Any) -> Any:
    import torch

    old = {id(weight) for weight in (*net.stem.parameters(), *net.blocks.parameters())}
    encoder = [weight for weight in net.parameters() if id(weight) in old and weight.requires_grad]
    new = [weight for weight in net.parameters() if id(weight) not in old]
    groups = [{"params": encoder, "part": 1 / 3}, {"params": new, "part": 1.0}]
    return torch.optim.AdamW(groups, lr=1e-3, weight_decay=1e-2)


def _epoch(
    state: State, sources: Mapping[Source, Sequence[Sample]], stage: Stage, epoch: int, number: int
) -> float:
    import torch

    net, maker = state.net, state.maker
    net.train()
    losses = []
    for step in range(STEPS):
        at = number * STEPS + step
        # Of the number of the step alone: what was drawn before a stop does not matter.
        rng = np.random.default_rng((SEED, at))
        torch.manual_seed(SEED + at)
        share = (epoch * STEPS + step) / (stage.epochs * STEPS)
        rate = stage.rate[1] + (stage.rate[0] - stage.rate[1]) * 0.5 * (1 + np.cos(np.pi * share))
        for group in maker.param_groups:
            group["lr"] = float(rate * group["part"] * min(1.0, (at + 1) / STEPS))
        pictures, water, known = batch(sources, stage, rng)
        loss = cost(net(pictures), water, known)
        maker.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        maker.step()
        _averaged(state.steady, net, min(STEADY, (1 + at) / (10 + at)))
        losses.append(float(loss.detach()))
    return float(np.mean(losses))


def batch(sources: Mapping[Source, Sequence[Sample]], stage: Stage, rng: Generator) -> tuple[Any, Any, Any]:
    """Tensors: pictures (n, 3, h, w), and on the net's grid (n, 1, h / 4, w / 4) the share of water, and what is known of it."""
    import cv2
    import torch

    shares = [(name, share) for name, share in stage.shares if sources[name]]
    names, weights = [name for name, _ in shares], np.array([share for _, share in shares])
    shown, water, known = [], [], []
    small = (stage.size[0] // GRID, stage.size[1] // GRID)
    for pick in rng.choice(len(names), BATCH, p=weights / weights.sum()):
        name = names[pick]
        sample = sources[name][int(rng.integers(len(sources[name])))]
        picture, mask = varied(sample, stage.size, ZOOM[name], rng)
        shown.append(picture)
        sure = cv2.resize((mask != IGNORED).astype(np.float32), small, interpolation=cv2.INTER_AREA)
        wet = cv2.resize((mask == 1).astype(np.float32), small, interpolation=cv2.INTER_AREA)
        water.append(wet / np.maximum(sure, 1e-6))
        known.append(sure > 0.5)
    return (
        tensor(shown),
        torch.from_numpy(np.stack(water)[:, None]),
        torch.from_numpy(np.stack(known)[:, None].astype(np.float32)),
    )


def tensor(pictures: Sequence[NDArray[np.uint8]]) -> Any:
    """BGR pictures of one size as what the net was built for."""
    import torch

    rgb = np.stack(pictures)[..., ::-1].transpose(0, 3, 1, 2)
    scaled = (rgb.astype(np.float32) - MEAN) / SPREAD
    return torch.from_numpy(scaled).to(memory_format=torch.channels_last)


def cost(logits: Any, water: Any, known: Any) -> Any:
    """Cross entropy, and how far each wet picture's overlap is from whole; dry pictures count by the first alone."""
    from torch.nn import functional as f

    entropy = f.binary_cross_entropy_with_logits(logits, water, reduction="none")
    first = (entropy * known).sum() / known.sum().clamp(min=1)
    sure = logits.sigmoid() * known
    both, either = (sure * water).sum((1, 2, 3)), (sure + water * known - sure * water).sum((1, 2, 3))
    wet = ((water * known).sum((1, 2, 3)) > 0.005 * known.sum((1, 2, 3))).float()
    second = ((1 - (both + 1) / (either + 1)) * wet).sum() / wet.sum().clamp(min=1)
    return first + 0.7 * second


def _averaged(steady: Any, net: Any, keep: float) -> None:
    import torch

    with torch.no_grad():
        for old, new in zip(steady.state_dict().values(), net.state_dict().values(), strict=True):
            if old.dtype.is_floating_point:
                old.mul_(keep).add_(new, alpha=1 - keep)
            else:
                old.copy_(new)
