"""Signing on the elliptic curve P-256, as far as one throw-away certificate needs it.

The `cryptography` package would add 40 ms to every start of the process; this takes 3. It is not
hardened against timing attacks and must not be used for keys that live longer than the process.
Facts: FIPS 186-5 and SEC 2.
"""

import hashlib
import os

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

Jacobian = tuple[int, int, int]
_INFINITY: Jacobian = (0, 1, 0)


def random_scalar() -> int:
    """A secret number from 1 to N-1, each equally likely."""
    while True:
        candidate = int.from_bytes(os.urandom(32))
        if 0 < candidate < N:
            return candidate


def multiply(scalar: int) -> tuple[int, int]:
    """The point ``scalar`` times G."""
    total, base = _INFINITY, (*G, 1)
    for bit in bin(scalar)[2:]:
        total = _double(total)
        if bit == "1":
            total = _add(total, base)
    inverse = pow(total[2], -1, P)
    square = inverse * inverse % P
    return total[0] * square % P, total[1] * square * inverse % P


def sign(key: int, message: bytes) -> tuple[int, int]:
    """The ECDSA signature (r, s) of ``message`` with SHA-256."""
    digest = int.from_bytes(hashlib.sha256(message).digest())
    while True:
        nonce = random_scalar()
        r = multiply(nonce)[0] % N
        s = pow(nonce, -1, N) * (digest + r * key) % N
        if r and s:
            return r, s


def _double(point: Jacobian) -> Jacobian:
    x, y, z = point
    if not z:
        return point
    square = y * y % P
    s = 4 * x * square % P
    zz = z * z % P
    m = 3 * (x - zz) * (x + zz) % P
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * square * square) % P, 2 * y * z % P


def _add(left: Jacobian, right: Jacobian) -> Jacobian:
    """Add ``right``, whose z is 1. The two are never the same point in a ladder of a scalar below
    N.
    """
    x1, y1, z1 = left
    if not z1:
        return right
    zz = z1 * z1 % P
    h = (right[0] * zz - x1) % P
    r = (right[1] * zz * z1 - y1) % P
    hh = h * h % P
    hhh = h * hh % P
    v = x1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - y1 * hhh) % P, z1 * h % P
