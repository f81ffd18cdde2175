"""Leaves the errors of queries to Python. Since Spark 4, PySpark also logs each of them with its whole stack as JSON, even if the
program catches the error."""

import logging


def load(logger_class):
    for name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):
        logger = logger_class.getLogger(name)
        if isinstance(logger, logger_class):
            logger.handlers = [logging.NullHandler()]  # not a filter: a program may add a handler of its own
