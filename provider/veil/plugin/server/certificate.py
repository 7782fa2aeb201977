"""A self-signed certificate for one process: Terraform pins it, so that it must only be well-formed
and say localhost.

Facts: X.509 (RFC 5280), EC keys (RFC 5480, RFC 5915), DER.
"""

import base64
import os
import time
from typing import NamedTuple

from . import curve

_DAY = 86_400
_LIFETIME = 3650 * _DAY
_SEQUENCE, _SET, _INTEGER, _BIT_STRING, _OCTET_STRING, _OID, _UTF8, _UTC, _GENERALIZED = (
    0x30,
    0x31,
    0x02,
    0x03,
    0x04,
    0x06,
    0x0C,
    0x17,
    0x18,
)


class Certificate(NamedTuple):
    """The certificate as DER, for the handshake; it and its key as PEM, for the server."""

    der: bytes
    certificate_pem: bytes
    key_pem: bytes


def self_signed() -> Certificate:
    """A fresh P-256 key and its certificate for ``localhost``, valid from yesterday for ten
    years.
    """
    key = curve.random_scalar()
    x, y = curve.multiply(key)
    point = b"\x04" + x.to_bytes(32) + y.to_bytes(32)
    body = _body(point)
    r, s = curve.sign(key, body)
    signature = _der(_SEQUENCE, _integer(r), _integer(s))
    der = _der(_SEQUENCE, body, _SIGNED_WITH, _bits(signature))
    private = _der(
        _SEQUENCE,
        _integer(1),
        _der(_OCTET_STRING, key.to_bytes(32)),
        _der(0xA0, _oid(1, 2, 840, 10045, 3, 1, 7)),
        _der(0xA1, _bits(point)),
    )
    return Certificate(der, _pem("CERTIFICATE", der), _pem("EC PRIVATE KEY", private))


def _body(point: bytes) -> bytes:
    now = int(time.time())
    name = _der(_SEQUENCE, _der(_SET, _der(_SEQUENCE, _oid(2, 5, 4, 3), _der(_UTF8, b"localhost"))))
    algorithm = _der(_SEQUENCE, _oid(1, 2, 840, 10045, 2, 1), _oid(1, 2, 840, 10045, 3, 1, 7))
    alternative_name = _der(_SEQUENCE, _der(0x82, b"localhost"))
    extension = _der(_SEQUENCE, _oid(2, 5, 29, 17), _der(_OCTET_STRING, alternative_name))
    return _der(
        _SEQUENCE,
        _der(0xA0, _integer(2)),
        _integer(int.from_bytes(os.urandom(15)) + 1),
        _SIGNED_WITH,
        name,
        _der(_SEQUENCE, _time(now - _DAY), _time(now + _LIFETIME)),
        name,
        _der(_SEQUENCE, algorithm, _bits(point)),
        _der(0xA3, _der(_SEQUENCE, extension)),
    )


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(size))) + size + content


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def _bits(content: bytes) -> bytes:
    return _der(_BIT_STRING, b"\x00", content)


def _oid(first: int, second: int, *rest: int) -> bytes:
    encoded = bytearray([first * 40 + second])
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        encoded.extend(reversed(groups))
    return _der(_OID, bytes(encoded))


def _time(moment: int) -> bytes:
    # RFC 5280: two-digit years until 2049, four digits from then on.
    utc = time.gmtime(moment)
    if utc.tm_year < 2050:
        return _der(_UTC, time.strftime("%y%m%d%H%M%SZ", utc).encode())
    return _der(_GENERALIZED, time.strftime("%Y%m%d%H%M%SZ", utc).encode())


def _pem(label: str, der: bytes) -> bytes:
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


_SIGNED_WITH = _der(_SEQUENCE, _oid(1, 2, 840, 10045, 4, 3, 2))
