"""A Lambda function that encrypts the digits of a string and keeps its form: 4000-1111 becomes
seven other digits and the dash.

A Feistel network over the digits, with HMAC-SHA256 for its rounds: whoever has the key can decrypt,
equal values stay equal, and different ones stay different. It shows how one is written. Where
auditors ask for FF1 or FF3-1 of NIST SP 800-38G, call a library that has it here.

The same file answers on AWS and, as `lambda/fpe.py` in the folder of the embedded engine, for
`veil local`.
"""

import hashlib
import hmac
import os

ROUNDS = 10
KEY = os.environ.get("FPE_KEY", "only for trying it out").encode()


def lambda_handler(event, context):
    """What Redshift sends is a list of rows, each with the arguments; what it gets back is a list
    of results.
    """
    try:
        return {"success": True, "results": [encrypt(*row) for row in event["arguments"]]}
    except Exception as error:
        # Never the message of the error, which may hold the value: the user who asks reads this.
        return {"success": False, "error_msg": type(error).__name__}


def encrypt(text, purpose):
    """The text with other digits. `purpose` keeps columns apart: the same number in two of them
    differs.
    """
    if text is None:
        return None
    digits = [each for each in text if each in "0123456789"]
    if len(digits) < 6:
        return "#" * len(text)  # So few digits are found by trying all of them.
    changed = iter(_permuted("".join(digits), purpose))
    return "".join(next(changed) if each in "0123456789" else each for each in text)


def _permuted(digits, purpose):
    middle = len(digits) // 2
    left, right = digits[:middle], digits[middle:]
    for number in range(ROUNDS):
        size = len(left)
        moved = (int(left) + _round(right, number, purpose, size)) % 10**size
        left, right = right, str(moved).zfill(size)
    return left + right


def _round(half, number, purpose, size):
    told = f"{purpose}:{number}:{size}:{half}".encode()
    return int(hmac.new(KEY, told, hashlib.sha256).hexdigest(), 16) % 10**size
