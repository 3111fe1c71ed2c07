"""Where a camera is, with its credentials for the connection alone; and texts without them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path

    from models.vision.camera import Camera

_CREDENTIALS = re.compile(r"//[^/@\s]*@")


def address(camera: Camera, server: str | None) -> str:
    """The camera's own address, or BASE/ID of the server that stands in for all (a folder: BASE/ID.mp4)."""
    if server is None:
        return camera.address
    return f"{server}/{camera.id}" if "://" in server else f"{server}/{camera.id}.mp4"


def with_credentials(plain: str, camera: str, secrets: Path) -> str:
    """Put `user:password` of the file `camera_<id>` into the address; as it is where there is no file."""
    path = secrets / f"camera_{camera}"
    if "://" not in plain or not path.exists():
        return plain
    user, _, password = path.read_text(encoding="utf-8").strip().partition(":")
    scheme, _, rest = plain.partition("://")
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"


def scrubbed(text: str) -> str:
    """A text of FFmpeg or of HTTP without what stands between // and @."""
    return _CREDENTIALS.sub("//•••@", text)
