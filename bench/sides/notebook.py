"""Runs cells in a fresh kernel, like JupyterLab: python - CELL... . The same on every side of a comparison.

Prints one line of JSON: seconds until the kernel is ready, and of each cell its seconds and what it printed.
"""

import json
import os
import sys
import time

from jupyter_client.manager import start_new_kernel


def run(client, cell):
    """Runs a cell; returns its seconds and output. Exits with the last line of an error."""
    printed, errors = [], []

    def hear(message):
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            printed.append(content["text"])
        elif message["msg_type"] == "error":
            errors.append(f"{content['ename']}: {content['evalue']}"[:600])

    begin = time.perf_counter()
    client.execute_interactive(cell, output_hook=hear, timeout=600, allow_stdin=False)
    if errors:
        sys.exit("\n".join(errors))
    return {"seconds": time.perf_counter() - begin, "printed": "".join(printed)}


begin = time.perf_counter()
# JupyterLab sets this variable to the kernel's notebook.
manager, client = start_new_kernel(
    kernel_name="python3", startup_timeout=120, env={**os.environ, "JPY_SESSION_NAME": "/opt/workspace/bench.ipynb"}
)
ready = time.perf_counter() - begin
try:
    cells = [run(client, cell) for cell in sys.argv[1:]]
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps({"kernel": ready, "cells": cells}))
