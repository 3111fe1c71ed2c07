"""The trainer of ultralytics, with what makes it gentle: the learned person stays, statistics stay.

Only loaded for training: it needs the package ultralytics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.vision.ultralytics import library

if TYPE_CHECKING:
    from pathlib import Path

PERSON = 0


def trainer(weights: Path, overrides: dict[str, Any]) -> Any:
    """A trainer that begins with the net of `weights`, its head cut down to the class person."""
    yolo = library()
    from torch import nn
    from ultralytics.models.yolo.detect import DetectionTrainer
    from ultralytics.utils.torch_utils import strip_optimizer

    class Gentle(DetectionTrainer):  # type: ignore[misc]
        """Without its statistics a net of one camera forgets the rest of the world."""

        def setup_model(self) -> None:
            self.model = only_person(yolo.YOLO(str(weights)).model)

        def _model_train(self) -> None:
            self.model.train()
            # The weights come with their batch norms folded: a batch's own statistics would undo them.
            for layer in self.model.modules():
                if isinstance(layer, nn.BatchNorm2d):
                    layer.eval()

        def final_eval(self) -> None:
            # Measured afterwards on what was never learned from, not here on what was.
            strip_optimizer(self.last)

    return Gentle(overrides={**overrides, "model": str(weights)})


def only_person(net: Any) -> Any:
    """Cut the last layer of the class branch down to its row for persons; all else stays as learned."""
    import torch
    from torch import nn

    head = net.model[-1]
    for branch in head.cv3:
        old = branch[-1]
        new = nn.Conv2d(old.in_channels, 1, 1)
        with torch.no_grad():
            new.weight.copy_(old.weight[PERSON : PERSON + 1])
            new.bias.copy_(old.bias[PERSON : PERSON + 1])
        branch[-1] = new
    head.nc, head.no = 1, 1 + 4 * head.reg_max
    net.nc, net.names = 1, {0: "person"}
    net.yaml["nc"] = 1
    for weight in net.parameters():
        weight.requires_grad_(True)
    return net.float()
