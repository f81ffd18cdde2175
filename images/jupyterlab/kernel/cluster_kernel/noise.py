"""Lines of Java and of Python in a cell that nobody can act on. What Spark logs is the matter of log4j2.properties."""

import re
import sys
import warnings

# The JVM's own word on a module that Spark itself asks for; no option of Java's keeps it back.
noise = re.compile(r"^WARNING: Using incubator modules: .*\n", re.MULTILINE)

# The pandas API on Spark sets this variable itself, where it has to be: in the driver. In all of Python it would have pyarrow take the wall
# time of another zone for UTC.
timezone = "'PYARROW_IGNORE_TIMEZONE' environment variable was not set"


def quiet(write):
    """A stream's write, without the noise."""

    def without_noise(text):
        kept = noise.sub("", text)
        if kept:
            write(kept)
        return len(text)

    return without_noise


def load():
    sys.stderr.write = quiet(sys.stderr.write)
    warnings.filterwarnings("ignore", re.escape(timezone))
