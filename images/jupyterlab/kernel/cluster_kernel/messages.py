"""Messages of the listener in the driver, as they come in over a socket."""

END = ";EOD:"


class Messages:
    """Puts together what a socket hands over in pieces, which may end in the middle of a letter."""

    def __init__(self):
        self._rest = b""

    def feed(self, piece):
        """The messages that a piece completes."""
        *whole, self._rest = (self._rest + piece).split(END.encode())
        return [message.decode() for message in whole]
