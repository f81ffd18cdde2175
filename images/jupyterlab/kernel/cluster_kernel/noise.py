"""Lines of Java and of Python in a cell that nobody can act on. What Spark logs is the matter of log4j2.properties."""

import re
import sys
import warnings

# The JVM's own word on a module that Spark itself asks for; no option of Java's keeps it back.
noise = re.compile(r"^WARNING: Using incubator modules: .*\n", re.MULTILINE)

# Spark's warning that a stage has no executor yet. It comes every 15 seconds; the first of a cell says it all.
repeated = re.compile(r"^.* TaskSchedulerImpl: Initial job has not accepted any resources; .*\n", re.MULTILINE)

# The pandas API on Spark sets this variable itself, where it has to be: in the driver. In all of Python it would have pyarrow take the wall
# time of another zone for UTC.
timezone = "'PYARROW_IGNORE_TIMEZONE' environment variable was not set"


class Quiet:
    """A stream's write, without the noise."""

    def __init__(self, write):
        self._write, self._has_waited = write, False

    def cell_begins(self, *_):
        self._has_waited = False

    def write(self, text):
        kept = repeated.sub(self._first, noise.sub("", text))
        if kept:
            self._write(kept)
        return len(text)

    def _first(self, match):
        before, self._has_waited = self._has_waited, True
        return "" if before else match.group()


def load(shell):
    stderr = Quiet(sys.stderr.write)
    shell.events.register("pre_run_cell", stderr.cell_begins)
    sys.stderr.write = stderr.write
    warnings.filterwarnings("ignore", re.escape(timezone))
