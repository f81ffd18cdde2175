"""Lets the stop button end a cell that awaits. ipykernel cancels it by a callback, which does not wake an event loop that sleeps, and
waits for one that is at work in the cell."""

import asyncio
import contextlib
import signal


def runs_cell(frame, variables):
    """Whether code of the notebook is at work, where IPython shows an error as the cell's own."""
    while frame is not None:
        if frame.f_globals is variables:
            return True
        frame = frame.f_back
    return False


def ending_at_once(cancel_on_sigint, variables):
    @contextlib.contextmanager
    def wrapped(cell):
        with cancel_on_sigint(cell):
            handle, loop = signal.getsignal(signal.SIGINT), asyncio.get_running_loop()

            def handle_sigint(signum, frame):
                if asyncio.current_task(loop) is cell and runs_cell(frame, variables):
                    raise KeyboardInterrupt
                handle(signum, frame)
                loop.call_soon_threadsafe(lambda: None)

            signal.signal(signal.SIGINT, handle_sigint)
            yield

    return wrapped


def load(shell):
    kernel = getattr(shell, "kernel", None)
    if hasattr(kernel, "_cancel_on_sigint"):
        kernel._cancel_on_sigint = ending_at_once(kernel._cancel_on_sigint, shell.user_global_ns)
