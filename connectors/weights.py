"""Find the weights: the configured path, else by name from their publisher, else the repository's own.

Errors: a configured file that is missing or hashes otherwise stops the start (WeightsError). A name that
cannot be had because there is no network is told, and the repository's own detector is taken.
"""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

import httpx
import structlog

from connectors.settings import ROOT
from models.vision.choice import NETS, choose
from models.vision.weights import KNOWN, Weights, mismatch, wanted

OWN = ROOT / "infra" / "deploy" / "weights" / "people.xml"
"""One class, people; trained by `phusa train people`."""
OWN_WATER = OWN.with_name("water.xml")
"""Where water is; trained by `phusa train water`."""
TIMEOUT_S = 20.0
AUTO = "auto"
"""The setting that lets the machine choose (models/vision/choice.py)."""
MAX_BYTES = 200 * 1024 * 1024
_log = structlog.get_logger()


class WeightsError(RuntimeError):
    """The weights that were asked for are not there, or are others."""


def resolve_water(setting: str | Path | None) -> Path:
    """The water net of PHUSA_WATER_WEIGHTS: a path, with `@sha256:<hex>` if it is pinned, or None for our own."""
    if setting is None or not str(setting):
        return OWN_WATER
    what, pinned = wanted(str(setting))
    if not Path(what).is_file():
        raise WeightsError(f"Không có tệp {what} (PHUSA_WATER_WEIGHTS: no such file)")
    return _checked(Path(what), pinned)


def resolve(
    setting: str | Path | None,
    cache: Path,
    *,
    client: httpx.Client | None = None,
    needed_per_s: float = 1.0,
) -> Path:
    """The file of `setting`: a path, a name of `models.vision.weights.KNOWN`, AUTO, or None for our own.

    `@sha256:<hex>` behind either pins the file. Downloads are kept in `cache`, checked each time. `needed_per_s`: looks a second that
    the cameras send together, by which AUTO chooses.
    """
    if setting is None or not str(setting):
        return OWN
    if str(setting) == AUTO:
        return automatic(cache, needed_per_s)
    what, pinned = wanted(str(setting))
    path = Path(what)
    if path.is_file():
        return _checked(path, pinned)
    if what not in KNOWN:
        names = ", ".join(KNOWN)
        raise WeightsError(
            f"Không có tệp {what}, và không phải tên đã biết: {names} "
            f"(no such file, and none of the known names: {names})"
        )
    known = KNOWN[what]
    if pinned is not None and pinned != known.sha256:
        raise WeightsError(mismatch(what, pinned, known.sha256))
    return _by_name(known, cache, client)


def automatic(
    cache: Path, needed_per_s: float, *, own_rate: float | None = None, cores: int | None = None
) -> Path:
    """What the setting `auto` means: the best net whose weights lie in `cache` and that keeps up with the cameras; why is logged.

    `needed_per_s`: looks a second that the cameras send together. Nothing is downloaded: a commune puts the file there, or names it.
    A file that hashes otherwise stops the start, as one that is named does.
    """
    can_open = find_spec("ultralytics") is not None
    there = [net.name for net in NETS if net.name and can_open and (cache / net.name).is_file()]
    choice = choose(needed_per_s, cores or os.cpu_count() or 1, own_rate, there)
    _log.info("weights_chosen", vi=choice.vi, en=choice.en)
    name = choice.net.name
    return OWN if name is None else _checked(cache / name, KNOWN[name].sha256)


def _by_name(known: Weights, cache: Path, client: httpx.Client | None) -> Path:
    path = cache / known.name
    if path.is_file():
        return _checked(path, known.sha256)
    try:
        found = _download(known, client)
    except httpx.HTTPError as error:
        _log.warning(
            "weights_not_reached",
            vi=f"Không tải được {known.name} ({error}); dùng bộ nhận dạng người kèm theo",
            en=f"{known.name} cannot be downloaded ({error}); the repository's own detector is used",
            url=known.url,
        )
        return OWN
    digest = hashlib.sha256(found).hexdigest()
    if digest != known.sha256:
        raise WeightsError(mismatch(known.name, known.sha256, digest))
    cache.mkdir(parents=True, exist_ok=True)
    # Beside and then renamed: a process that dies while writing leaves no half file under the name.
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(found)
    part.replace(path)
    return path


def _download(known: Weights, client: httpx.Client | None) -> bytes:
    own = client or httpx.Client(timeout=TIMEOUT_S, follow_redirects=True)
    try:
        with own.stream("GET", known.url) as response:
            response.raise_for_status()
            found = bytearray()
            for chunk in response.iter_bytes():
                found += chunk
                if len(found) > MAX_BYTES:
                    raise WeightsError(f"{known.name}: quá {MAX_BYTES} byte (more than {MAX_BYTES} bytes)")
            return bytes(found)
    finally:
        if client is None:
            own.close()


def _checked(path: Path, expected: str | None) -> Path:
    if expected is not None:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != expected:
            raise WeightsError(mismatch(str(path), expected, digest))
    return path
