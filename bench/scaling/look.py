"""Prints the resources of a container's Java as JSON; with "collect", also its heap in use after a garbage collection.

Uses the protocol of jcmd, which the image does not have: a file and a signal make a JVM open a socket for commands.
"""

import json
import os
import pathlib
import re
import signal
import socket
import sys
import time


def find_java():
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        if (folder / "comm").read_text().strip() == "java":
            return int(folder.name)
    raise SystemExit("no Java runs here")


def command(words):
    """HotSpot's protocol: a version, a command and three arguments, each terminated by a zero; the answer begins with a code."""
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(f"/tmp/.java_pid{pid}")
        door.sendall("".join(f"{word}\0" for word in ("1", "jcmd", words, "", "")).encode())
        return b"".join(iter(lambda: door.recv(65536), b"")).decode()


def collected_heap():
    door, mark = pathlib.Path(f"/tmp/.java_pid{pid}"), pathlib.Path(f"/tmp/.attach_pid{pid}")
    if not door.exists():
        mark.touch()
        os.kill(pid, signal.SIGQUIT)
        end = time.monotonic() + 20
        while not door.exists() and time.monotonic() < end:
            time.sleep(0.05)
        mark.unlink()
    command("GC.run")
    used = re.findall(r"generation\s+total \d+K, used (\d+)K", command("GC.heap_info"))
    return sum(map(int, used)) * 1024 / 1e6


pid = find_java()
proc = pathlib.Path(f"/proc/{pid}")
status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
# proc(5): the command may contain anything, and ends at the last parenthesis; utime and stime are the 14th and 15th word.
words = (proc / "stat").read_text().rpartition(")")[2].split()
figures = {
    "residentMb": int(status["VmRSS"].split()[0]) * 1024 / 1e6,
    "cpuSeconds": (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK"),
    "threads": int(status["Threads"]),
    "files": len(list((proc / "fd").iterdir())),
}
if "collect" in sys.argv:
    figures["heapMb"] = collected_heap()
print(json.dumps(figures))
