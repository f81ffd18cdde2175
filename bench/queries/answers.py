"""Compares answers of different engines."""

import decimal
import hashlib


def text(value):
    """A value as text, rounded: sums in another order differ in the last digits, and Spark's quotients have six decimal places."""
    if isinstance(value, (float, decimal.Decimal)):
        return f"{float(value):.6g}" if abs(value) >= 1 else f"{float(value):.4f}"
    return str(value)


def checksum(rows):
    """The number of rows and a hash that ignores their order, because equal rows may come in any order."""
    lines = sorted("|".join(text(value) for value in row) for row in rows)
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"
