"""The commune's folder of YAML files as one value. Its mistakes are named by `phusa check`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from ruamel.yaml import YAML

from models.commune.configuration import Commune

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("commune", "stations", "rules", "contacts")


class ConfigurationError(ValueError):
    """The configuration does not fit its schema; `phusa check` names every place."""


@lru_cache(maxsize=4)
def load(folder: Path) -> Commune:
    """Read the four files of `folder`; raises ConfigurationError at the first misfit."""
    together: dict[str, Any] = {}
    for name in FILES:
        path = folder / f"{name}.yaml"
        if path.exists():
            together |= YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or {}
    try:
        return msgspec.convert(together, Commune)
    except msgspec.ValidationError as error:
        msg = f"{folder}: {error}; chạy `phusa check` để xem mọi lỗi (run `phusa check` to see all)"
        raise ConfigurationError(msg) from error
