"""Reads the messages that the listener in the driver sends over a socket."""

END = ";EOD:"


class Messages:
    """Joins the pieces that a socket delivers, which may end in the middle of a character."""

    def __init__(self):
        self._rest = b""

    def feed(self, piece):
        """The messages that a piece completes."""
        *whole, self._rest = (self._rest + piece).split(END.encode())
        return [message.decode() for message in whole]
