"""Weights that are known by name: where they lie, what they must hash to, and under which licence."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ULTRALYTICS = "https://github.com/ultralytics/assets/releases/download"
_YOLOX = "https://github.com/Megvii-BaseDetection/YOLOX/releases/download"


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of a net; `sha256` in lower-case hex."""

    name: str
    url: str
    sha256: str
    licence: str


KNOWN = {
    one.name: one
    for one in (
        Weights(
            "yolov8n.pt",
            f"{_ULTRALYTICS}/v8.4.0/yolov8n.pt",
            "f59b3d833e2ff32e194b5bb8e08d211dc7c5bdf144b90d2c8412c47ccfc83b36",
            "AGPL-3.0",
        ),
        Weights(
            "yolo11n.pt",
            f"{_ULTRALYTICS}/v8.4.0/yolo11n.pt",
            "0ebbc80d4a7680d14987a577cd21342b65ecfd94632bd9a8da63ae6417644ee1",
            "AGPL-3.0",
        ),
        Weights(
            "yolo26n.pt",
            f"{_ULTRALYTICS}/v8.4.0/yolo26n.pt",
            "9b09cc8bf347f0fc8a5f7657480587f25db09b34bf33b0652110fb03a8ad4fef",
            "AGPL-3.0",
        ),
        Weights(
            "yolox_nano.onnx",
            f"{_YOLOX}/0.1.1rc0/yolox_nano.onnx",
            "c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d",
            "Apache-2.0",
        ),
    )
}
"""The hashes are those that many public projects pin for these releases; what differs is refused."""

_PINNED = re.compile(r"^(?P<what>.+)@sha256:(?P<hash>[0-9a-f]{64})$")


def wanted(setting: str) -> tuple[str, str | None]:
    """A path or a name, and the hash it must have: `people.xml@sha256:<64 hex digits>` names both."""
    found = _PINNED.match(setting)
    return (setting, None) if found is None else (found["what"], found["hash"])


def mismatch(name: str, expected: str, found: str) -> str:
    """What is said of a file that is not the one meant."""
    return (
        f"{name}: sai mã băm, không dùng (wrong hash, not used): "
        f"cần (expected) sha256 {expected}, nhận (found) {found}"
    )
