"""Lines that Java writes to a cell and that nobody can act on. What Spark logs is the matter of log4j2.properties."""

import re
import sys

# The JVM's own word on a module that Spark itself asks for; no option of Java's keeps it back.
noise = re.compile(r"^WARNING: Using incubator modules: .*\n", re.MULTILINE)


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
