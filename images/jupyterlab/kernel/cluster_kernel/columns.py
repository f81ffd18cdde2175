"""A rule of causes.RULES for PySpark's functions of columns where a function of Python's was meant, such as its sum or round."""

import builtins
import re

from .failure import FUNCTION, NOTEBOOK

REPLACED = (
    "{name} is PySpark's function of columns in this notebook: an import from pyspark.sql.functions has replaced Python's own.\n"
    "Instead of it: import pyspark.sql.functions as F, and F.{name} for columns. Then del {name}, and run the cells that use it again"
)
ON_A_WORKER = (
    "A function on the workers called PySpark's {name}, which describes a column of a query and computes nothing.\n"
    "In the function, use Python's own means. Or use {name} in the query, on a column"
)

PYSPARK = re.compile(r"(?:.*/)?pyspark[./]")
COLUMN_FUNCTIONS = re.compile(r"(?:.*/)?pyspark[./]sql[./](?:connect[./])?functions\b.* in (\w+)$")
# Python's own words for a call of a wrapped function with other arguments than it has.
WRAPPED = re.compile(r"(?:.*/)?pyspark[./]sql[./]utils\b.* in wrapped$")
ARGUMENTS = re.compile(r"(\w+)\(\) (?:takes|missing|got) ")


def of_pyspark(each, _, facts):
    name = called(each) if each.where in (NOTEBOOK, FUNCTION) else None
    if name is None:
        return None
    if hasattr(builtins, name) and facts.is_of_pyspark(name):
        return REPLACED, {"name": name}
    if each.where == FUNCTION:
        return ON_A_WORKER, {"name": name}


def called(error):
    """The function of columns that a person has called and that raised an error; None for another error."""
    name = None
    for frame in error.frames:
        if not PYSPARK.match(frame):
            break
        if found := COLUMN_FUNCTIONS.match(frame):
            name = found[1]
        elif not WRAPPED.match(frame):
            name = None  # PySpark itself has called the function
    if name is None and error.frames and WRAPPED.match(error.frames[0]) and (arguments := ARGUMENTS.match(error.text)):
        return arguments[1]
    return name
