"""Lets `%whos` list Spark's DataFrames. IPython reads the shape of everything that is called DataFrame, and Spark's have none."""

import types


class Shown:
    """What `%whos` sees of a value that it shows as text."""

    def __init__(self, value):
        self._value = value

    def __str__(self):
        return str(self._value)


Shown.__name__ = "Spark DataFrame"


def is_frame(value):
    """Whether a value is a DataFrame of Spark SQL or Spark Connect, and not one of the pandas API, which has a shape."""
    kind = type(value)
    return kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql.")


def load(shell):
    whos = shell.find_line_magic("whos")
    magics = whos.__self__

    def whos_with_frames(parameter_s=""):
        names = {name: Shown(value) if is_frame(value) else value for name, value in magics.shell.user_ns.items()}
        whos.__func__(types.SimpleNamespace(who_ls=magics.who_ls, shell=types.SimpleNamespace(user_ns=names)), parameter_s)

    whos_with_frames.__doc__ = whos.__doc__
    shell.register_magic_function(whos_with_frames, "line", "whos")
