"""Reloads a worker's modules of the shared folder: after a user has edited one, the next task imports them again."""

import os
import sys

SHARED = "/opt/workspace"

_stamps = {}  # file -> its stamp after the import


def _imported():
    """The imported modules of the shared folder, without installed packages: name -> file."""
    packages = f"{os.environ.get('NOTEBOOK_PACKAGES')}/"
    files = {name: getattr(module, "__file__", None) or "" for name, module in [*sys.modules.items()]}
    return {name: file for name, file in files.items() if file.startswith(f"{SHARED}/") and not file.startswith(packages)}


def _stamp(file):
    try:
        status = os.stat(file)
        return status.st_mtime_ns, status.st_size
    except OSError:
        return None


def remember():
    """Call this after each task."""
    for file in _imported().values():
        _stamps.setdefault(file, _stamp(file))


def forget_changed():
    """Call this before each task. One edited module makes it forget all: others may have names of the old version."""
    imported = _imported()
    if any(_stamps.get(file) != _stamp(file) for file in imported.values()):
        for name in imported:
            del sys.modules[name]
        _stamps.clear()
