"""An RTSP server for the simulator's films. Run by the system's python3, which has GStreamer's bindings; nobody imports it.

    /usr/bin/python3 rtsp_server.py FOLDER PORT START

serves each FOLDER/ID.h264 as rtsp://127.0.0.1:PORT/ID. START is when (seconds since 1970) the films begin, or the file
of a play's clock (connectors/clock.py, Played): who connects sees the picture of that moment, as with a camera, and
while the play's clock stands the same picture again.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402 (after require_version)

CAPS = "video/x-h264,stream-format=byte-stream,alignment=au"
PIPELINE = (
    f"( appsrc name=film is-live=true do-timestamp=true format=time caps={CAPS} ! rtph264pay name=pay0 pt=96"
    " config-interval=-1 )"
)
AGAIN_S = 5.0
"""A camera whose clock stands still sends what it sees all the same, else the connection would look dead (10 s). More often it would load
the very machine that the clock waits for."""


class Film(GstRtspServer.RTSPMediaFactory):  # type: ignore[misc] # its bindings have no types
    """One film, one pipeline for all who watch it."""

    def __init__(self, path: Path, start: str) -> None:
        super().__init__()
        index = json.loads(path.with_suffix(".json").read_text())
        self._units, self._fps, self._start = [], index["fps"], start
        with path.open("rb") as raw:
            self._units = [raw.read(size) for size in index["sizes"]]
        self.set_launch(PIPELINE)
        self.set_shared(True)

    def play(self, media: Any) -> None:
        """Push the access unit of each moment, from now on."""
        source = media.get_element().get_child_by_name("film")
        sent, gone, shown = [-1], [], [time.monotonic()]
        media.connect("unprepared", lambda _media: gone.append(True))

        def push() -> bool:
            number = int(film_s(self._start) * self._fps)
            if number >= len(self._units):
                source.emit("end-of-stream")
                return False
            again = time.monotonic() - shown[0] >= AGAIN_S
            if number > sent[0] or (again and sent[0] >= 0):
                unit = Gst.Buffer.new_wrapped(self._units[number])
                # Refused while the pipeline still starts: the next moment tries again.
                if source.emit("push-buffer", unit) == Gst.FlowReturn.OK:
                    sent[0], shown[0] = number, time.monotonic()
            return not gone

        GLib.timeout_add(20, push)


def film_s(start: str) -> float:
    """Where the films stand, in their own seconds."""
    if not start.startswith("/"):
        return time.time() - float(start)
    began, at, _told, speed, _complete = map(float, Path(start).read_text().split())
    return (at - began) / speed


def main(folder: str, port: int, start: str) -> None:
    """Serve until killed."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    for path in sorted(Path(folder).glob("*.h264")):
        film = Film(path, start)
        film.connect("media-configure", lambda factory, media: factory.play(media))
        server.get_mount_points().add_factory(f"/{path.stem}", film)
    if server.attach(None) == 0:
        sys.exit(f"port {port} is busy")
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
