"""Imported whenever a Python of Spark's environment starts, so it imports as little as possible."""

import os
import site
import sys

from . import driver
from .imports import when_imported

driver.leave_input()

# Packages that notebooks install come last in the path.
folder = os.environ.get("NOTEBOOK_PACKAGES")
if folder:
    # Also if there is no such folder yet. The .pth files in it are read: `pip install -e` writes one.
    site.addsitedir(f"{folder}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages")

when_imported("pyspark", driver.load)
