"""Authorities and certificates of a test's own, made when it runs."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from connectors.clock import system

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """The files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates; `file` is its own, which those who trust it are given."""

    def __init__(self, folder: Path, name: str = "Phù Sa test authority") -> None:
        self._folder, self._name = folder, name
        folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / "ca.pem"
        now = system()
        made = (
            _begun(name, name, self._key, now - DAY, now + DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.file.write_bytes(made.public_bytes(Encoding.PEM))

    def sign(
        self, subject: str, *names: str, begins: datetime | None = None, ends: datetime | None = None
    ) -> Pair:
        """A certificate for the server (or client) `names`, each a DNS name or an IP address."""
        key, now = ec.generate_private_key(ec.SECP256R1()), system()
        made = _begun(subject, self._name, key, begins or now - DAY, ends or now + DAY)
        if names:
            made = made.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), False)
        pair = Pair(self._folder / f"{subject}.pem", self._folder / f"{subject}.key")
        pair.certificate.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))
        # As `openssl ecparam -genkey` writes it; Kafka wants another shape.
        pair.key.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        )
        pair.key.chmod(0o600)
        return pair


def _begun(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_called(subject))
        .issuer_name(_called(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _name(written: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(written))
    except ValueError:
        return x509.DNSName(written)
