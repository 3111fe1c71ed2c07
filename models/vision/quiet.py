"""OpenVINO without the part that counts its users: nothing may leave the commune.

`import openvino` imports its converter, which at once tells an address of Google Analytics so (2026.4:
`openvino/tools/ovc/__init__.py`), unless CI is set or the user has opted out by hand. Whoever needs
OpenVINO takes it from here.
"""

from __future__ import annotations

import openvino_telemetry


class Silent:
    """Takes every call of openvino_telemetry's `Telemetry`, and does nothing."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __getattr__(self, name: str) -> Silent:
        if name == "backend":  # the converter looks whether there is one, and begins anew if it is another's
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> None: ...


openvino_telemetry.Telemetry = Silent

import openvino as ov  # noqa: E402 (after the line above, or it has spoken)
from openvino.preprocess import ColorFormat, PrePostProcessor  # noqa: E402

__all__ = ["ColorFormat", "PrePostProcessor", "ov"]
