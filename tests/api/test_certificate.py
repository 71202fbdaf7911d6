"""The certificate: trusted by clients with nothing but its file, kept while it serves, made again when it does not."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ucmsim.api.certificate import LIFETIME, MOST, RENEWAL, Certificate, Contexts, provide
from ucmsim.api.state_directory import KEY, StateDirectory

NAMES = ["127.0.0.2", "::1", "cucm-pub", "CUCM-pub.lab.example"]
NOW = datetime.now(UTC)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[StateDirectory]:
    with StateDirectory(tmp_path) as directory:
        yield directory


def shake_hands(
    certificate: Certificate, name: str, client: ssl.SSLContext, address: str = "127.0.0.1"
) -> str | None:
    """The TLS version that a client and a server with this certificate agree on."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            certificate.context(address).wrap_socket(ours, server_side=True).close()
        except OSError:
            ours.close()

    server = threading.Thread(target=serve)
    server.start()
    try:
        with client.wrap_socket(theirs, server_hostname=name) as connection:
            return connection.version()
    finally:
        theirs.close()
        server.join(20)


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "127.0.0.2", "::1", "cucm-pub", "cucm-pub.lab.example"]
)
def test_a_strict_client_that_trusts_the_file_trusts_every_name(directory: StateDirectory, name: str) -> None:
    """The strict checks are Python 3.13's default."""
    certificate = provide(directory, NAMES, NOW)
    client = ssl.create_default_context(cafile=str(certificate.path))
    client.verify_flags |= ssl.VERIFY_X509_STRICT

    assert shake_hands(certificate, name, client) == "TLSv1.3"


def test_another_name_is_not_trusted(directory: StateDirectory) -> None:
    certificate = provide(directory, NAMES, NOW)
    client = ssl.create_default_context(cafile=str(certificate.path))

    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake_hands(certificate, "cucm-sub", client)


@pytest.mark.parametrize(
    ("newest", "agreed"), [(ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")]
)
def test_older_clients_get_tls_1_2(directory: StateDirectory, newest: ssl.TLSVersion, agreed: str) -> None:
    certificate = provide(directory, NAMES, NOW)
    client = ssl.create_default_context(cafile=str(certificate.path))
    client.maximum_version = newest

    assert shake_hands(certificate, "localhost", client) == agreed


def test_whoever_trusts_it_trusts_nothing_that_it_might_sign(directory: StateDirectory) -> None:
    made = x509.load_pem_x509_certificate(provide(directory, NAMES, NOW).path.read_bytes())

    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not made.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_only_the_owner_reads_the_key(directory: StateDirectory) -> None:
    certificate = provide(directory, NAMES, NOW)

    assert stat.S_IMODE(certificate.key.stat().st_mode) == 0o600
    assert b"PRIVATE" not in certificate.path.read_bytes()


@pytest.mark.parametrize(
    ("names", "later"),
    [
        (NAMES, timedelta()),
        (NAMES[:2], timedelta()),
        (["0:0:0:0:0:0:0:1", "cucm-PUB"], timedelta()),
        (NAMES, LIFETIME - RENEWAL - timedelta(days=2)),
    ],
)
def test_it_is_kept_while_it_serves(directory: StateDirectory, names: list[str], later: timedelta) -> None:
    first = provide(directory, NAMES, NOW).path.read_bytes()

    assert provide(directory, names, NOW + later).path.read_bytes() == first


@pytest.mark.parametrize(
    ("names", "later"),
    [
        ([*NAMES, "new-node"], timedelta()),
        ([*NAMES, "127.0.0.9"], timedelta()),
        (NAMES, LIFETIME - RENEWAL),
        (NAMES, timedelta(days=-2)),
    ],
)
def test_it_is_made_again_when_it_does_not(
    directory: StateDirectory, names: list[str], later: timedelta
) -> None:
    first = provide(directory, NAMES, NOW).path.read_bytes()

    certificate = provide(directory, names, NOW + later)

    assert certificate.path.read_bytes() != first
    certificate.context()  # the key is the new one's


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_spoilt_key_is_replaced(directory: StateDirectory, content: bytes) -> None:
    provide(directory, NAMES, NOW)
    directory.write(KEY, content, private=True)

    provide(directory, NAMES, NOW).context()


def test_the_key_of_another_certificate_is_replaced(tmp_path: Path) -> None:
    """As a crash between the two files would leave it."""
    with StateDirectory(tmp_path / "a") as one, StateDirectory(tmp_path / "b") as other:
        provide(one, NAMES, NOW)
        other_key = provide(other, NAMES, NOW).key.read_bytes()
        one.write(KEY, other_key, private=True)

        provide(one, NAMES, NOW).context()


def fleet(size: int) -> list[tuple[str, str]]:
    """Hosts with a name and an address each."""
    return [(f"node{number}.lab.example", f"127.1.{number // 250}.{number % 250}") for number in range(size)]


def test_the_certificates_of_a_fleet_are_small_enough_for_clients(directory: StateDirectory) -> None:
    """OpenSSL's clients refuse what is longer than 100 kB."""
    certificate = provide(directory, fleet(3_000), NOW)

    assert len(certificate.parts) > 1
    for part, names in certificate.parts:
        assert len(names) <= MOST
        kept = x509.load_pem_x509_certificate(part.read_bytes())
        assert len(kept.public_bytes(serialization.Encoding.DER)) < 50_000


@pytest.mark.parametrize("number", [0, 249, 1_500, 2_999])
def test_each_address_of_a_fleet_shows_the_certificate_that_names_it(
    directory: StateDirectory, number: int
) -> None:
    hosts = fleet(3_000)
    certificate = provide(directory, hosts, NOW)
    client = ssl.create_default_context(cafile=str(certificate.path))

    for name in hosts[number]:
        assert shake_hands(certificate, name, client, hosts[number][1]) == "TLSv1.3"


def test_the_certificates_of_a_fleet_are_kept_while_they_serve(directory: StateDirectory) -> None:
    first = provide(directory, fleet(800), NOW).path.read_bytes()

    assert provide(directory, fleet(800), NOW).path.read_bytes() == first
    assert provide(directory, fleet(801), NOW).path.read_bytes() != first


def test_contexts_are_made_once_and_anew_for_another_certificate(directory: StateDirectory) -> None:
    hosts = fleet(800)
    contexts = Contexts(provide(directory, hosts, NOW))

    assert contexts(hosts[0][1]) is contexts(hosts[1][1]) is not contexts(hosts[-1][1])
    before = contexts(hosts[0][1])
    contexts.adopt(provide(directory, hosts[:1], NOW))
    assert contexts(hosts[0][1]) is not before
