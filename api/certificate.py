"""The server's certificate: self-signed, with every name and address of every node, made once and kept.

A client trusts the server with nothing but this file (`verify=<path>`). It is no authority: whoever puts it into a
trust store trusts these names and no other. It knows neither nodes nor sockets: names come in, files come out.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ucmsim.api.state_directory import CERTIFICATE, KEY, StateDirectory

ALWAYS = ("localhost", "127.0.0.1")
LIFETIME = timedelta(days=825)  # what the strictest clients (Apple's) accept
RENEWAL = timedelta(days=30)


@dataclass(frozen=True)
class Certificate:
    """The two PEM files; clients need `path` only."""

    path: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a listening socket needs to speak TLS 1.2 and 1.3 with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(self.path, self.key)
        return context


def provide(directory: StateDirectory, names: Iterable[str], now: datetime) -> Certificate:
    """The certificate kept in `directory`, or a new one if there is none that serves `names` for a while yet.

    `names` are host names and IP addresses; `localhost` and `127.0.0.1` are always among them. `now` is the real time.
    """
    certificate = Certificate(directory / CERTIFICATE, directory / KEY)
    wanted = {*ALWAYS, *map(_canonical, names)}
    if not _serves(certificate, wanted, now):
        key = ec.generate_private_key(ec.SECP256R1())
        directory.write(
            KEY,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            private=True,
        )
        signed = _sign(key, wanted, now).public_bytes(serialization.Encoding.PEM)
        directory.write(CERTIFICATE, signed, private=False)
    return certificate


def _serves(certificate: Certificate, wanted: set[str], now: datetime) -> bool:
    """Whether the files are a pair, name all that is wanted and stay valid long enough."""
    try:
        kept = x509.load_pem_x509_certificate(certificate.path.read_bytes())
        key = serialization.load_pem_private_key(certificate.key.read_bytes(), password=None)
        named = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    names = {*named.get_values_for_type(x509.DNSName), *map(str, named.get_values_for_type(x509.IPAddress))}
    return (
        wanted <= names
        and key.public_key() == kept.public_key()
        and kept.not_valid_before_utc <= now <= kept.not_valid_after_utc - RENEWAL
    )


def _sign(key: ec.EllipticCurvePrivateKey, names: set[str], now: datetime) -> x509.Certificate:
    """A certificate that passes as its own anchor, also under OpenSSL's strict checks (Python 3.13's default)."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ucmsim"),
            x509.NameAttribute(NameOID.COMMON_NAME, "ucmsim simulated cluster"),
        ]
    )
    unused = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a client's clock may be behind
        .not_valid_after(now + LIFETIME - timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **unused), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([_general(name) for name in sorted(names)]), critical=False
        )
        .add_extension(identity, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identity), critical=False
        )
        .sign(key, hashes.SHA256())
    )


def _canonical(name: str) -> str:
    """The one spelling of a name or address, so that `::1` is found again as such."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name.lower()


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
