"""Imported whenever a Python of Spark's environment starts: the packages that notebooks install come last in its path."""

import os
import sys

folder = os.environ.get("NOTEBOOK_PACKAGES")
if folder:
    sys.path.append(f"{folder}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages")
