"""A notebook as JupyterLab runs it: a kernel, and a page that listens to it."""

import json
import os
import time

from jupyter_client.manager import start_new_kernel


class Notebook:
    def __init__(self):
        # JupyterLab names the session; jupyter execute does not.
        self.manager, self.client = start_new_kernel(
            kernel_name="python3", startup_timeout=60, env={**os.environ, "JPY_SESSION_NAME": "/opt/workspace/test.ipynb"}
        )
        opening = {"comm_id": "page", "target_name": "SparkMonitor", "data": {"msgtype": "openfromfrontend"}}
        self.client.session.send(self.client.shell_channel.socket, "comm_open", opening)

    def run(self, cell, timeout=300):
        """What a cell puts out: text by stream, html, the last line of its error, progress messages, and seconds until the first stderr."""
        seen = {"stdout": "", "stderr": "", "html": [], "error": "", "progress": [], "told": None}
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

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


SESSION = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
"""
