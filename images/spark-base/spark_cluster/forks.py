"""Leaves a driver's connections with Java to the driver when it forks: for `!command`, multiprocessing, or subprocess with preexec_fn.

In the child, Python drops the locals of all other threads. py4j would then shut their connections down, for the driver too, and log
that into a stream that nobody in the child reads, which takes seconds.
"""

import os


def load(connection):
    """Lets a connection, of py4j's class, be closed at its end only in the process that opened it."""
    init, delete = connection.__init__, connection.__del__

    def init_owned(this, *args, **kwargs):
        this._owner = os.getpid()
        init(this, *args, **kwargs)

    def delete_owned(this):
        if this._owner == os.getpid():
            delete(this)

    connection.__init__, connection.__del__ = init_owned, delete_owned
