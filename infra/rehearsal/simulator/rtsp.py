"""Films as live cameras: by the RTSP server where the system has one, else read from their files."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from infra.run.stack import packages, ports
from infra.run.stack.voice import StackError, tell

if TYPE_CHECKING:
    from datetime import datetime

PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("rtsp_server.py")
PACKAGES = [
    "gir1.2-gst-rtsp-server-1.0",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "python3-gi",
]
"""60 MB and 8 s. No encoder and no parser: the films are access units already."""


def available() -> bool:
    """Whether the system's Python has the server; installs it where it may."""
    if _imports():
        return True
    if packages.is_root() and packages.program("apt-get") is not None:
        packages.install(PACKAGES)
        if _imports():
            return True
    command = f"sudo apt-get install -y {' '.join(PACKAGES)}"
    tell(
        f"Không có máy chủ RTSP, camera đọc phim từ tập tin. Muốn có: {command}",
        f"No RTSP server: the cameras read their films as files. To have it: {command}",
    )
    return False


def _imports() -> bool:
    if not Path(PYTHON).exists():
        return False
    words = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    return subprocess.run([PYTHON, "-c", words], capture_output=True, check=False).returncode == 0


class Server:
    """A running RTSP server; `address` is what PHUSA_CAMERA_SERVER takes."""

    def __init__(self, folder: Path, port: int, start: datetime | Path, log: Path) -> None:
        """`start` is when the films begin, or the file of the play's clock; raises StackError when the server has died."""
        self.address = f"rtsp://127.0.0.1:{port}"
        log.parent.mkdir(parents=True, exist_ok=True)
        begins = str(start.resolve()) if isinstance(start, Path) else str(start.timestamp())
        self._command, self._port, self._log = (
            [PYTHON, str(SCRIPT), str(folder), str(port), begins],
            port,
            log,
        )
        self.start()

    def start(self) -> None:
        """Run it; returns when it answers, raises StackError when it has died."""
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(self._command, stdout=out, stderr=out)
        while not ports.answers("127.0.0.1", self._port):
            if self.ended():
                self.stop()
                raise StackError(
                    f"Máy chủ RTSP không chạy được; nhật ký {self._log}",
                    f"The RTSP server does not run; see {self._log}",
                )
            time.sleep(0.1)

    def ended(self) -> bool:
        """Whether its process has gone."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """End it; harmless when repeated."""
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
