"""The throw-away certificate holds up in a real TLS handshake."""

import ssl
import time
from pathlib import Path

import pytest

from veil.plugin.server import curve
from veil.plugin.server.certificate import Certificate, self_signed


def shake_hands(certificate: Certificate, trusted: Certificate, folder: Path, host: str = "localhost") -> str:
    """A TLS handshake in memory between OpenSSL and itself. Returns the version; raises
    ssl.SSLError.
    """
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (folder / "chain.pem").write_bytes(certificate.certificate_pem + certificate.key_pem)
    server_context.load_cert_chain(folder / "chain.pem")
    client_context = ssl.create_default_context(cadata=trusted.certificate_pem.decode())
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname=host)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.version() or ""


def test_a_client_that_trusts_it_connects(tmp_path: Path) -> None:
    certificate = self_signed()
    assert shake_hands(certificate, certificate, tmp_path).startswith("TLSv1.")


def test_a_client_that_trusts_another_does_not(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLError):
        shake_hands(self_signed(), self_signed(), tmp_path)


def test_it_is_for_localhost_only(tmp_path: Path) -> None:
    certificate = self_signed()
    with pytest.raises(ssl.SSLError):
        shake_hands(certificate, certificate, tmp_path, host="example.org")


def test_it_is_valid_now_and_was_yesterday_in_every_time_zone(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_bytes(self_signed().certificate_pem)
    parsed = ssl._ssl._test_decode_cert(str(tmp_path / "cert.pem"))  # type: ignore[attr-defined]
    not_before = ssl.cert_time_to_seconds(parsed["notBefore"])
    not_after = ssl.cert_time_to_seconds(parsed["notAfter"])
    assert not_before <= time.time() - 14 * 3600
    assert not_after > time.time() + 365 * 86400
    assert parsed["subjectAltName"] == (("DNS", "localhost"),)


def test_no_two_are_alike() -> None:
    assert self_signed().key_pem != self_signed().key_pem


@pytest.mark.parametrize(
    ("scalar", "x"),
    [
        (1, 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296),
        (2, 0x7CF27B188D034F7E8A52380304B51AC3C08969E277F21B35A60B48FC47669978),
        (112233445566778899, 0x339150844EC15234807FE862A86BE77977DBFB3AE3D96F4C22795513AEAAB82F),
        (curve.N - 1, 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296),
    ],
)
def test_points_agree_with_published_vectors(scalar: int, x: int) -> None:
    found, y = curve.multiply(scalar)
    assert found == x
    assert (y * y - (found**3 - 3 * found + curve.B)) % curve.P == 0
