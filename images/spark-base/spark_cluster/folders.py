"""Has executors import modules from the folders that their driver imports them from, where both see the same files."""

import os
import sys

from .modules import SHARED


def shared_folders(path, working_folder):
    """Those of a driver's path that executors have too, the first one last, as PySpark's workers put each before all others."""
    absolute = [os.path.abspath(os.path.join(working_folder, each)) for each in path]
    return [each for each in reversed(absolute) if each == SHARED or each.startswith(f"{SHARED}/")]


def load(pyspark):
    """Beside what `addPyFile` was given: workers join these names to their folder of files, and an absolute one stays as it is."""

    def get(context):
        includes = context.__dict__.get("_python_includes")
        if includes is not None:
            includes += [each for each in shared_folders(sys.path, os.getcwd()) if each not in includes]
        return includes

    def put(context, includes):
        context.__dict__["_python_includes"] = includes

    pyspark.SparkContext._python_includes = property(get, put)
