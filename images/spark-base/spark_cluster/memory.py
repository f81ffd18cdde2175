"""Limits the memory of an executor's Python workers. The guard process measures each worker with its child processes. A worker above its share
gets a MemoryError; one that keeps the memory is killed. If the container still runs out, the kernel kills a Python worker first."""

import contextlib
import os
import signal
import time

MEBIBYTE = 1 << 20
GRACE = 5  # seconds from the MemoryError to the kill
MOST = 1.5  # shares; above, the worker is killed without grace
TOO_MUCH = signal.SIGXCPU


def room():
    """The container's limit in MiB; None without one."""
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError), open(file) as limit:
            text = limit.read().strip()
            # cgroups v1 represents "none" by a number near the largest 64-bit integer.
            return int(text) // MEBIBYTE if text.isdigit() and int(text) < 1 << 60 else None
    return None


def offer_to_kernel():
    """Makes this process and its children the first that the kernel kills when memory runs out (proc(5), oom_score_adj)."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def obey(share):
    """Raises MemoryError in the main thread when the guard asks for it."""

    def refuse(*_):
        raise MemoryError(refusal(taken_by(os.getpid()), share))

    signal.signal(TOO_MUCH, refuse)


def refusal(taken, share):
    return f"pythonMemory: Python on this executor took {taken // MEBIBYTE}m, more than its share of {share // MEBIBYTE}m."


class Memory:
    """The workers of a daemon, each with its share in bytes."""

    def __init__(self, daemon, share):
        self._daemon, self._share = daemon, share
        self._asked = {}  # worker -> time of its MemoryError

    def look(self):
        workers = {worker: taken_by(worker) for worker in children_of(self._daemon) if worker != os.getpid()}
        self._asked = {worker: since for worker, since in self._asked.items() if workers.get(worker, 0) > self._share}
        for worker, taken in workers.items():
            if taken <= self._share:
                continue
            if worker not in self._asked:
                self._asked[worker] = time.monotonic()
                send(worker, TOO_MUCH)
            elif taken > MOST * self._share or time.monotonic() - self._asked[worker] > GRACE:
                leave_reason(worker, refusal(taken, self._share))
                send(worker, signal.SIGKILL)


def leave_reason(worker, reason):
    """Spark reports the content of this file when the worker crashes (`BasePythonRunner.faultHandlerLogPath`)."""
    folder = os.environ.get("PYTHON_FAULTHANDLER_DIR")
    if folder:
        with contextlib.suppress(OSError), open(os.path.join(folder, str(worker)), "w") as file:
            file.write(reason)


def send(process, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


def children_of(process):
    try:
        with open(f"/proc/{process}/task/{process}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:  # it has ended
        return []


def taken_by(process):
    """Bytes of memory of a process and its descendants that are not backed by a file."""
    try:
        with open(f"/proc/{process}/status") as file:
            fields = [line.split() for line in file]
    except OSError:
        return 0
    own = sum(int(field[1]) * 1024 for field in fields if field[0] in ("RssAnon:", "RssShmem:"))
    return own + sum(taken_by(child) for child in children_of(process))
