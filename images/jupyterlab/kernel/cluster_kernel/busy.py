"""Tells a page once more which cell is at work.

sparkmonitor takes a cell for the one at work when its page hears that the cell is busy, and also when it hears the end of the one before
it, which comes later if all cells run one after the other: their jobs would stand under the wrong cell.
"""


class Busy:
    def __init__(self, kernel):
        self._kernel = kernel
        self._parent = None

    def cell_begins(self, *_):
        self._parent = self._kernel.get_parent("shell")

    def heard(self, message):
        """To be called before a message goes to the page. Once for each cell: what came before is forgotten there."""
        if message["msgtype"] == "sparkJobStart" and self._parent is not None:
            parent, self._parent = self._parent, None
            kernel = self._kernel
            topic = f"kernel.{kernel.ident}.status".encode()
            kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "busy"}, parent=parent, ident=topic)
