"""The server's certificate: self-signed, with every name and address of every node, made once and kept.

A certificate is sent with every handshake, and clients refuse one of more than a hundred kilobytes: a fleet has several,
in one file for its clients, and each address shows the one that names it.

A client trusts the server with nothing but this file (`verify=<path>`). It is no authority: whoever puts it into a
trust store trusts these names and no other. It knows neither nodes nor sockets: names come in, files come out.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable, Iterator, Sequence
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
MOST = 500
"""So many names are in one certificate at most."""


@dataclass(frozen=True)
class Certificate:
    """The PEM files; clients need `path` only. `parts` are the files that make up `path`, with the names in each."""

    path: Path
    key: Path
    parts: tuple[tuple[Path, frozenset[str]], ...]

    def context(self, address: str = "127.0.0.1") -> ssl.SSLContext:
        """What a socket that listens on `address` needs to speak TLS 1.2 and 1.3 with a certificate that names it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(self.part(address), self.key)
        return context

    def part(self, address: str) -> Path:
        """The file of the certificate that names `address`; any, if none does."""
        name = _canonical(address)
        return next((path for path, names in self.parts if name in names), self.parts[0][0])


class Contexts:
    """The contexts of the addresses of a server, of one certificate after the other; one for each of its parts."""

    def __init__(self, certificate: Certificate) -> None:
        self._certificate = certificate
        self._made: dict[Path, ssl.SSLContext] = {}

    def __call__(self, address: str) -> ssl.SSLContext:
        """Return the context for a handshake on `address`."""
        part = self._certificate.part(address)
        if part not in self._made:
            self._made[part] = self._certificate.context(address)
        return self._made[part]

    def adopt(self, certificate: Certificate) -> None:
        """Show another certificate from now on."""
        self._certificate = certificate
        self._made = {}


def provide(directory: StateDirectory, hosts: Iterable[str | Sequence[str]], now: datetime) -> Certificate:
    """The certificate kept in `directory`, or a new one if there is none that serves `hosts` for a while yet.

    A host is a name or an IP address, or several of both that stay in one certificate; `localhost` and `127.0.0.1` are
    always among them. `now` is the real time.
    """
    groups = list(_groups(hosts))
    files = (
        [CERTIFICATE] if len(groups) == 1 else [f"{number}-{CERTIFICATE}" for number in range(len(groups))]
    )
    parts = tuple((directory / file, group) for file, group in zip(files, groups, strict=True))
    certificate = Certificate(directory / CERTIFICATE, directory / KEY, parts)
    if not _kept(certificate, now):
        key = ec.generate_private_key(ec.SECP256R1())
        directory.write(
            KEY,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            private=True,
        )
        signed = [
            _sign(key, number, group, now).public_bytes(serialization.Encoding.PEM)
            for number, (_, group) in enumerate(parts)
        ]
        for file, one in zip(files, signed, strict=True):
            directory.write(file, one, private=False)
        directory.write(CERTIFICATE, b"".join(signed), private=False)
    return certificate


def _groups(hosts: Iterable[str | Sequence[str]]) -> Iterator[frozenset[str]]:
    """The names for each certificate: as few certificates as can be."""
    group: set[str] = set(ALWAYS)
    for host in hosts:
        names = {_canonical(name) for name in ((host,) if isinstance(host, str) else host)}
        if len(group | names) > MOST and len(group) > len(ALWAYS):
            yield frozenset(group)
            group = set(ALWAYS)
        group |= names
    yield frozenset(group)


def _kept(certificate: Certificate, now: datetime) -> bool:
    """Whether everything is there: the parts, and the file that holds them all."""
    if not all(_serves(part, certificate.key, names, now) for part, names in certificate.parts):
        return False
    whole = b"".join(part.read_bytes() for part, _ in certificate.parts)
    return certificate.path.exists() and certificate.path.read_bytes() == whole


def _serves(part: Path, key_file: Path, wanted: frozenset[str], now: datetime) -> bool:
    """Whether certificate and key are a pair, name all that is wanted and stay valid long enough."""
    try:
        kept = x509.load_pem_x509_certificate(part.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        named = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    names = {*named.get_values_for_type(x509.DNSName), *map(str, named.get_values_for_type(x509.IPAddress))}
    return (
        wanted <= names
        and key.public_key() == kept.public_key()
        and kept.not_valid_before_utc <= now <= kept.not_valid_after_utc - RENEWAL
    )


def _sign(
    key: ec.EllipticCurvePrivateKey, number: int, names: frozenset[str], now: datetime
) -> x509.Certificate:
    """A certificate that passes as its own anchor, also under OpenSSL's strict checks (Python 3.13's default).

    By its `number` it is told apart from others in one file: clients look for anchors by their subject.
    """
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ucmsim"),
            x509.NameAttribute(
                NameOID.COMMON_NAME, f"ucmsim simulated cluster{f' {number}' if number else ''}"
            ),
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
