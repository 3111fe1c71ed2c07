"""Can the certificates and keys that the settings name be used? Asked at `phusa up` and `phusa check`, before anything starts."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.run.stack.ports import LOOPBACK
from infra.run.stack.voice import StackError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from connectors.settings import Settings

AUTHORITIES = ("mqtt_station_ca", "mqtt_ca", "kafka_ca", "database_ca")
SERVERS = ("mqtt", "kafka", "database")
"""Each has a certificate and a key in the settings."""
ON_LOOPBACK = ("kafka", "database")
"""Our own clients reach these at 127.0.0.1 and compare the name."""


class Mistake(NamedTuple):
    """A file that cannot be used: the variable that names it, and why in both languages."""

    variable: str
    vi: str
    en: str


def mistakes(settings: Settings, now: datetime) -> list[Mistake]:
    """All that is wrong with the files as of `now`; none: they can be used."""
    found = []
    for name in AUTHORITIES:
        path = getattr(settings, name)
        if path is not None:
            found += _certificate(name, path, now)
    for server in SERVERS:
        path, key = getattr(settings, f"{server}_certificate"), getattr(settings, f"{server}_key")
        if path is not None and key is not None:
            wrong = [*_certificate(f"{server}_certificate", path, now), *_key(f"{server}_key", key)]
            found += wrong or _together(server, path, key)
    return found


def ends(settings: Settings) -> dict[str, datetime]:
    """When each certificate that is named ends, by its variable; all of them can be read."""
    fields = [*AUTHORITIES, *(f"{server}_certificate" for server in SERVERS)]
    named = {f"PHUSA_{field.upper()}": getattr(settings, field) for field in fields}
    return {
        variable: _first(path).not_valid_after_utc for variable, path in named.items() if path is not None
    }


def require(settings: Settings, now: datetime) -> None:
    """Raise StackError that names every variable whose file cannot be used."""
    found = mistakes(settings, now)
    if found:
        raise StackError(
            "\n".join(f"{mistake.variable}: {mistake.vi}" for mistake in found),
            "\n".join(f"{mistake.variable}: {mistake.en}" for mistake in found),
        )


def names(path: Path) -> list[str]:
    """The names and addresses of the server that a certificate is for, names first."""
    try:
        alternative = _first(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = alternative.get_values_for_type(x509.IPAddress)
    return [*alternative.get_values_for_type(x509.DNSName), *(str(address) for address in addresses)]


def issuer(path: Path) -> str:
    """Who signed a certificate, in the words of the certificate."""
    return _first(path).issuer.rfc4514_string()


def pkcs8(path: Path) -> str:
    """A private key as PKCS #8 in PEM, which is what Java reads."""
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    return key.private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _first(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def _certificate(field: str, path: Path, now: datetime) -> list[Mistake]:
    variable = f"PHUSA_{field.upper()}"
    try:
        found = _first(path)
    except OSError as error:
        return [_unreadable(variable, path, error)]
    except ValueError:
        return [Mistake(variable, f"{path}: không phải chứng thư PEM", f"{path}: no certificate in PEM")]
    if now > found.not_valid_after_utc:
        day = found.not_valid_after_utc.date().isoformat()
        return [Mistake(variable, f"{path}: hết hạn ngày {day}", f"{path}: it ended on {day}")]
    if now < found.not_valid_before_utc:
        day = found.not_valid_before_utc.date().isoformat()
        return [Mistake(variable, f"{path}: có hiệu lực từ {day}", f"{path}: it begins on {day}")]
    return []


def _key(field: str, path: Path) -> list[Mistake]:
    variable = f"PHUSA_{field.upper()}"
    try:
        serialization.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        return [_unreadable(variable, path, error)]
    except (ValueError, TypeError):
        return [
            Mistake(
                variable,
                f"{path}: không phải khoá riêng PEM không đặt mật khẩu",
                f"{path}: no private key in PEM without a password",
            )
        ]
    return []


def _unreadable(variable: str, path: Path, error: OSError) -> Mistake:
    return Mistake(
        variable, f"{path}: không đọc được ({error.strerror})", f"{path}: cannot be read ({error.strerror})"
    )


def _together(server: str, path: Path, key: Path) -> list[Mistake]:
    """The key is the certificate's, and the certificate says whose it is."""
    variable = f"PHUSA_{server.upper()}_CERTIFICATE"
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if _first(path).public_key().public_bytes(*spki) != private.public_key().public_bytes(*spki):
        return [
            Mistake(
                variable,
                f"{path}: khoá {key} không phải của chứng thư này",
                f"{path}: the key {key} is not this certificate's",
            )
        ]
    known = names(path)
    if server in ON_LOOPBACK and not any(_is(name, LOOPBACK) for name in known):
        return [
            Mistake(
                variable,
                f"{path}: cần có địa chỉ IP {LOOPBACK} trong subjectAltName, thấy {known}",
                f"{path}: expected the IP address {LOOPBACK} in its subjectAltName, found {known}",
            )
        ]
    if not known:
        return [
            Mistake(
                variable,
                f"{path}: thiếu subjectAltName, máy ghi không kiểm tra được tên máy chủ",
                f"{path}: no subjectAltName, a logger cannot check the server's name",
            )
        ]
    return []


def _is(written: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(written) == ipaddress.ip_address(wanted)
    except ValueError:
        return False
