"""The native database with a certificate: TLS is the only way in."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from infra.run.stack.passwords import owners_only

if TYPE_CHECKING:
    from pathlib import Path

CERTIFICATE, KEY, HBA = "phusa-certificate.pem", "phusa-key.pem", "phusa-hba.conf"
OPTIONS = {
    "ssl": "on",
    "ssl_cert_file": CERTIFICATE,
    "ssl_key_file": KEY,
    "ssl_min_protocol_version": "TLSv1.2",
}
"""Settings of the server; the files lie in its folder of data."""
ONLY_TLS = """\
# written by `phusa up`: this server has a certificate, nobody comes in without TLS and a password
hostssl all all 127.0.0.1/32 scram-sha-256
"""


def put(data: Path, owner: tuple[int, int] | None, certificate: Path, key: Path) -> str:
    """Copy into the folder of data what the server reads, which may live in a root of its own; returns a mark of it all.

    `owner` is the server's user and group, None where it runs as ours.
    """
    texts = {
        CERTIFICATE: certificate.read_text(encoding="utf-8"),
        KEY: key.read_text(encoding="utf-8"),
        HBA: ONLY_TLS,
    }
    for name, text in texts.items():
        owners_only(data / name, text)
        if owner is not None:
            os.chown(data / name, *owner)
    return hashlib.sha256("".join(texts.values()).encode()).hexdigest()[:12]
