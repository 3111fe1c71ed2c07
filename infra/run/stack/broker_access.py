"""Who may do what on the MQTT broker that we run: mosquitto's file of passwords (hashes only) and its list of rights.

Both lie in SECRETS/mosquitto and are read anew by the broker on SIGHUP (infra/run/stack/broker_reload.py). The users that are
no stations come from infra/run/stack/passwords.py at each `phusa up`; stations come and go by `phusa station`. A station may
publish below its own topic, so that one level too many is refused by name (models/telemetry/station_topic.py), and read nothing.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from connectors.security import BRIDGE_USER
from infra.run.stack.passwords import BROKER_USERS, broker_passwords, owners_only
from infra.run.stack.voice import StackError
from models.telemetry.station_topic import PREFIX, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from connectors.settings import Settings

FOLDER, PASSWORDS, RIGHTS = "mosquitto", "passwords", "acl"
ITERATIONS = 101
"""mosquitto_passwd's own number. Ours are drawn with more than 100 bits: what no list holds needs no slow hash, and
the broker reckons one at each connection, all stations' after a power cut."""
SALT_BYTES, HASH_BYTES = 12, 64
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Typed by hand into a logger: no capitals, nothing that looks like another character."""
LENGTH = 24
"""Characters; 118 bits. Loggers of the field take 32 or fewer."""
USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What may be a user: MQTT's wildcards and mosquitto's own separators are none."""
UPLINKS, DOWNLINKS = "application/#", "application/+/device/+/command/#"
"""ChirpStack v4 publishes below the first and listens to the second."""
SERVICE_RIGHTS = {
    BRIDGE_USER: (f"read {ROOT}#", f"read {UPLINKS}"),
    "phusa-chirpstack": (f"write {UPLINKS}", f"read {DOWNLINKS}"),
    # Plays any station of the demo, the bench and the tests.
    "phusa-rehearsal": (f"write {ROOT}#", f"write {UPLINKS}"),
}
REHEARSAL = "phusa-rehearsal"


def folder(settings: Settings) -> Path:
    """Where the two files lie."""
    return settings.secrets_dir / FOLDER


def refresh(settings: Settings) -> Path:
    """Bring the users that are no stations up to date and write both files; returns their folder. Stations are kept."""
    passwords = broker_passwords(settings.secrets_dir)
    if settings.mqtt_outside is not None:
        # Nobody of the field may speak for every station.
        del passwords[REHEARSAL]
    with _changing(settings) as users:
        for user in BROKER_USERS:
            if user not in passwords:
                users.pop(user, None)
            elif not fits(users.get(user, ""), passwords[user]):
                users[user] = hashed(passwords[user])
    return folder(settings)


def add(settings: Settings, station: str, *, again: bool) -> str:
    """A new password for a station, told this once. Raises StackError: it has one and not `again`, or it cannot be a user."""
    if not USER.fullmatch(station) or station in BROKER_USERS:
        raise StackError(
            f"{station!r}: không làm tên người dùng MQTT được; cần chữ, số, dấu . _ - (tối đa 64 ký tự), không phải tên của hệ thống",
            f"{station!r} cannot be an MQTT user: expected letters, digits, . _ - (at most 64), and none of our own names",
        )
    password = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    with _changing(settings) as users:
        if station in users and not again:
            raise StackError(
                f"{station}: đã có mật khẩu. Muốn đổi (mật khẩu cũ hết dùng ngay): phusa station add {station} --again",
                f"{station} has a password. To change it (the old one ends at once): phusa station add {station} --again",
            )
        users[station] = hashed(password)
    return password


def remove(settings: Settings, station: str) -> None:
    """Take a station's password away. Raises StackError when it has none."""
    with _changing(settings) as users:
        if station in BROKER_USERS or users.pop(station, None) is None:
            raise StackError(
                f"{station}: không có mật khẩu nào để bỏ; xem phusa station list",
                f"{station} has no password to take away; see phusa station list",
            )


def stations(settings: Settings) -> list[str]:
    """The stations that have a password, by name."""
    return sorted(_read(folder(settings) / PASSWORDS).keys() - BROKER_USERS)


def hashed(password: str, salt: bytes | None = None) -> str:
    """As mosquitto 2 keeps it: $7$ITERATIONS$SALT$HASH, PBKDF2 with SHA-512."""
    chosen = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    found = hashlib.pbkdf2_hmac("sha512", password.encode(), chosen, ITERATIONS, HASH_BYTES)
    return f"$7${ITERATIONS}${base64.b64encode(chosen).decode()}${base64.b64encode(found).decode()}"


def fits(kept: str, password: str) -> bool:
    """Whether the kept hash is the password's."""
    parts = kept.split("$")
    if len(parts) != 5:
        return False
    try:
        salt = base64.b64decode(parts[3], validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(kept, hashed(password, salt))


def rights(users: Iterable[str]) -> str:
    """The list of rights: what is not written is refused, and nobody may speak without a name."""
    lines = ["# written by phusa; what is not named here is refused"]
    for user in sorted(users):
        lines += ["", f"user {user}"]
        lines += [f"topic {right}" for right in SERVICE_RIGHTS.get(user, (f"write {PREFIX}{user}/#",))]
    return "\n".join(lines) + "\n"


@contextmanager
def _changing(settings: Settings) -> Iterator[dict[str, str]]:
    """{user: hash} to be changed; both files are written at the end, by one program at a time."""
    where = folder(settings)
    where.mkdir(parents=True, exist_ok=True)
    where.chmod(0o700)
    with (where / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        users = _read(where / PASSWORDS)
        yield users
        # Rights first: a user without them may do nothing, rights without a user are nobody's.
        owners_only(where / RIGHTS, rights(users))
        owners_only(where / PASSWORDS, "".join(f"{user}:{kept}\n" for user, kept in sorted(users.items())))


def _read(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {user: kept for user, _, kept in (line.partition(":") for line in lines) if kept}
