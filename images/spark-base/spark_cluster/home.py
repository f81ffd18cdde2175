"""Limits the home folder of executors' Python. It is on the worker's disk, and libraries keep downloads and caches there."""

import contextlib
import os

MOST = 4 << 30  # bytes
BETWEEN_LOOKS = 60  # seconds


def trim(folder, most=MOST):
    """Deletes the least recently used files, until the others take at most `most` bytes."""
    files = sorted(files_of(folder))
    excess = sum(taken for _, taken, _ in files) - most
    for _, taken, path in files:
        if excess <= 0:
            return
        with contextlib.suppress(OSError):
            os.remove(path)
            excess -= taken


def files_of(folder):
    """The time of last use, the bytes and the path of each file below a folder."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with contextlib.suppress(OSError):  # another executor has just removed it
                status = os.lstat(path)
                yield max(status.st_atime, status.st_mtime), status.st_blocks * 512, path
