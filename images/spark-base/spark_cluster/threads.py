"""Ends the Spark calls of an interrupted cell's threads: a pool would otherwise continue with its next task."""

import sys
import threading
import time

# Seconds for which calls of such a thread fail. After that, a pool's queue is empty.
REFUSING = 10


class Threads:
    def __init__(self):
        self._before, self._ended, self._until = set(), set(), 0

    def cell_begins(self):
        self._before = set(threading.enumerate())

    def end(self):
        """Ends the threads that the cell has started, except the caller and those in which Java calls Python."""
        here = {threading.current_thread(), threading.main_thread()}
        frames = sys._current_frames()
        begun = set(threading.enumerate()) - self._before - here
        self._ended = {thread for thread in begun if not serves_java(frames.get(thread.ident))}
        self._until = time.time() + REFUSING

    def refuse(self, command):
        """Raises an error in an ended thread: an Exception, because a pool replaces a thread that ends otherwise."""
        if self._ended and time.time() < self._until and threading.current_thread() in self._ended:
            if not command.startswith("m\n"):  # which frees Java's memory
                raise RuntimeError("The cell that started this thread was interrupted.")


def serves_java(frame):
    """Whether a thread is one of py4j's own, by its outermost frame."""
    outermost = None
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        outermost = outermost if module == "threading" else module
        frame = frame.f_back
    return (outermost or "").startswith("py4j.")
