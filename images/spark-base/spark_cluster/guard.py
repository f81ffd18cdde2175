"""A process alongside an executor's Python workers that limits their use of memory and disk."""

import os
import time

from . import home
from .memory import Memory

PAUSE = 0.05  # seconds between two checks; a worker can fill a gigabyte or two of memory per second


def start(share):
    """Starts the guard of this process's children. It ends with this process. share: bytes of memory for each child with its descendants;
    0 for no limit."""
    daemon = os.getpid()
    if os.fork() == 0:
        try:
            watch(daemon, share)
        finally:
            os._exit(0)


def watch(daemon, share):
    memory = Memory(daemon, share) if share else None
    bounded_home = os.environ.get("BOUNDED_HOME")  # set on workers; the home of a local session belongs to the user
    next_look = 0
    while os.getppid() == daemon:
        if memory:
            memory.look()
        if bounded_home and time.monotonic() >= next_look:
            home.trim(bounded_home)
            next_look = time.monotonic() + home.BETWEEN_LOOKS
        time.sleep(PAUSE)
