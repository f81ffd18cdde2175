"""Reports to a page once more which cell is running.

sparkmonitor takes a cell for the running one when its page receives the cell's status "busy", and also at the end of the previous
cell. If all cells run one after the other, that end arrives later, and jobs would be shown under the wrong cell.
"""

import threading


class Busy:
    def __init__(self, kernel):
        self._kernel = kernel
        self._parent = None
        self._lock = threading.Lock()  # messages come in a thread of their own

    def cell_begins(self, *_):
        self._parent = self._kernel.get_parent("shell")

    def cell_ends(self, *_):
        with self._lock:
            self._parent = None  # a later status "busy" would never end

    def heard(self, message):
        """Call this before a message goes to the page. Once for each cell, because the page then forgets what it had."""
        with self._lock:
            if message["msgtype"] == "sparkJobStart" and self._parent is not None:
                parent, self._parent = self._parent, None
                kernel = self._kernel
                topic = f"kernel.{kernel.ident}.status".encode()
                kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "busy"}, parent=parent, ident=topic)
