"""The settings that the cluster gives to every driver, in the file that spark-submit reads."""

import os
import pathlib

FILE = pathlib.Path(os.environ.get("SPARK_CONF_DIR", "/etc/spark-cluster"), "spark-defaults.conf")


def settings_in(text):
    """The settings of a file as spark/properties.ts writes it."""
    return {name: value.replace("\\", "") for name, value in (line.split(" = ", 1) for line in text.splitlines() if " = " in line)}
