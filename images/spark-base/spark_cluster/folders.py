"""Lets functions on executors import modules from their driver's folders, and open files relative to its working folder."""

import contextlib
import os
import sys

from .imports import when_imported
from .modules import SHARED

# An environment variable of the executors' Python.
WORKING_FOLDER = "SPARK_CLUSTER_WORKING_FOLDER"


def enter_working_folder():
    """Changes an executor's Python to the working folder of its driver, if it is on the shared volume."""
    folder = os.environ.get(WORKING_FOLDER, "")
    if shared_folders([folder], "/"):
        with contextlib.suppress(OSError):  # a node of a swarm may have no such folder
            os.chdir(folder)


def shared_folders(path, working_folder):
    """The shared folders of a driver's path, in reverse order, because PySpark's workers put each before all others."""
    absolute = [os.path.abspath(os.path.join(working_folder, each)) for each in path]
    return [each for each in reversed(absolute) if each == SHARED or each.startswith(f"{SHARED}/")]


def find_added_files(spark_files, folder):
    """Makes functions find what `addFile`, `addArchive` and `addPyFile` have added: in `folder`, where the executor puts it. Spark tells
    an executor's Python `.`, but that is now the driver's folder."""

    def absolute(path):
        return os.path.normpath(os.path.join(folder, path))

    def add_to_path(module):
        if hasattr(module, "add_path"):
            add_path = module.add_path
            module.add_path = lambda path: add_path(absolute(path))

    get_root = spark_files.getRootDirectory
    spark_files.getRootDirectory = classmethod(lambda cls: absolute(get_root()))
    for name in ("pyspark.worker_util", "pyspark.worker"):  # since Spark 4, and before
        when_imported(name, add_to_path)


def load(pyspark):
    """Adds folders to the names of `addPyFile`. Workers join names to their folder of files; an absolute one stays as it is."""

    def get(context):
        includes = context.__dict__.get("_python_includes")
        if includes is not None:
            includes += [each for each in shared_folders(sys.path, os.getcwd()) if each not in includes]
        return includes

    def put(context, includes):
        context.__dict__["_python_includes"] = includes

    pyspark.SparkContext._python_includes = property(get, put)
    do_init = pyspark.SparkContext._do_init

    def do_init_in_folder(context, *args, **kwargs):
        do_init(context, *args, **kwargs)
        context.environment[WORKING_FOLDER] = os.getcwd()

    pyspark.SparkContext._do_init = do_init_in_folder
