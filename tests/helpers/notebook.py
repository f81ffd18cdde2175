"""A notebook as JupyterLab runs it: a kernel, and a page that listens to it."""

import json
import os
import pathlib
import ssl
import threading
import time
import urllib.request

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from jupyter_core.paths import jupyter_runtime_dir


class Notebook:
    def __init__(self, folder="/opt/workspace"):
        # JupyterLab names the session; jupyter execute does not.
        self.manager, self.client = start_new_kernel(
            kernel_name="python3", startup_timeout=60, env={**os.environ, "JPY_SESSION_NAME": f"{folder}/test.ipynb"}, cwd=folder
        )
        opening = {"comm_id": "page", "target_name": "SparkMonitor", "data": {"msgtype": "openfromfrontend"}}
        self.client.session.send(self.client.shell_channel.socket, "comm_open", opening)

    def run(self, cell, timeout=300, seen=None):
        """What a cell puts out: text by stream, html, the last line of its error, progress messages, and seconds until the first stderr."""
        seen = {} if seen is None else seen
        seen.update({"stdout": "", "stderr": "", "html": [], "error": "", "progress": [], "told": None})
        begin = time.time()

        def hear(message):
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                seen[content["name"]] += content["text"]
                if content["name"] == "stderr" and seen["told"] is None:
                    seen["told"] = time.time() - begin
            elif kind in ("display_data", "update_display_data", "execute_result"):
                seen["html"].append(content["data"].get("text/html", content["data"].get("text/plain")))
            elif kind == "error":
                seen["error"] = f"{content['ename']}: {content['evalue']}"[:300]
            elif kind == "comm_msg":
                seen["progress"].append(json.loads(content["data"]["msg"]))

        self.client.execute_interactive(cell, output_hook=hear, timeout=timeout, allow_stdin=False)
        return seen

    def begin(self, cell):
        """Runs a cell while the caller goes on. Its thread, and what it has put out so far."""
        seen = {}
        thread = threading.Thread(target=self.run, args=(cell,), kwargs={"seen": seen})
        thread.start()
        return thread, seen

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


TLS = os.environ.get("JUPYTERLAB_TLS")
CONTEXT = ssl.create_default_context(cafile=f"{TLS}/tls.crt") if TLS else None


def authorization():
    return {"Authorization": "token " + pathlib.Path("/etc/spark-cluster/jupyter-token").read_text().strip()}


def ask_server(path, body=None, method=None):
    """What JupyterLab's API answers to a client that has the token, and trusts no certificate but JupyterLab's own."""
    headers = {**authorization(), "Content-Type": "application/json"}
    request = urllib.request.Request(f"http{'s' if TLS else ''}://localhost:8888{path}", body, headers, method=method)
    return json.loads(urllib.request.urlopen(request, timeout=90, context=CONTEXT).read() or "null")


def server_kernel():
    """A client of a kernel that the server itself starts, and that stays after the client is gone."""
    kernel = ask_server("/api/kernels", b'{"name": "python3"}')["id"]
    client = BlockingKernelClient(connection_file=f"{jupyter_runtime_dir()}/kernel-{kernel}.json")
    client.load_connection_file()
    client.start_channels()
    while True:
        try:
            client.wait_for_ready(timeout=60)
            return client
        except RuntimeError:  # on a busy machine a kernel that has not begun yet counts as dead
            time.sleep(1)


def end_server_kernel(client):
    kernel = pathlib.Path(client.connection_file).stem.removeprefix("kernel-")
    client.stop_channels()
    ask_server("/api/kernels/" + kernel, method="DELETE")


SESSION = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
"""
