"""Job progress for the widget under the cell: sparkmonitor's front end and its listener, with a kernel side of our own between them.

sparkmonitor's own kernel side puts a SparkConf into the notebook, with which every session would have to be created, and it keeps
a kernel from ending.
"""

import json
import os
import pathlib
import re
import socket
import threading

from spark_cluster.pages import page_of

from .busy import Busy
from .links import Links

LISTENERS = pathlib.Path("/opt/jupyterlab/lib/python3.11/site-packages/sparkmonitor")
SPARK_JARS = pathlib.Path(os.environ.get("SPARK_HOME", "/opt/spark")) / "jars"


def listener_jar(names):
    """The listener for a Spark with jars of these names; None without one."""
    for name in names:
        version = re.fullmatch(r"spark-core_([\d.]+)-(\d+)\..*\.jar", name)
        if version:
            return f"listener_spark{version[2]}_{version[1]}.jar"
    return None


class Comms:
    """The browser tabs that have this kernel's notebook open: none, one, or more."""

    def __init__(self):
        # By the session of the page: a page opens two, and listens on both.
        self._open = {}
        # Messages for a page that is opened later: the application and its executors.
        self._history = []

    def opened(self, comm, message):
        page = message["header"]["session"]
        self._open[page] = comm
        comm.on_close(lambda _: self._open.pop(page, None) if self._open.get(page) is comm else None)
        for text in self._history:
            comm.send({"msgtype": "fromscala", "msg": text})

    def begin(self, text):
        """Announces an application, which replaces the previous one."""
        self._history = []
        self.send("sparkApplicationStart", text)

    def send(self, kind, text):
        if kind in ("sparkApplicationStart", "sparkExecutorAdded", "sparkExecutorRemoved"):
            self._history.append(text)
        for comm in list(self._open.values()):
            comm.send({"msgtype": "fromscala", "msg": text})


def messages_of(connection):
    """The messages of the listener. The pieces that a socket delivers may end in the middle of a character."""
    rest = b""
    while piece := connection.recv(65536):
        *whole, rest = (rest + piece).split(b";EOD:")
        yield from (message.decode() for message in whole)


def receive(server, handle):
    """Passes on the messages of one application after another; each has its own connection."""
    while True:
        connection, _ = server.accept()
        with connection:
            for text in messages_of(connection):
                handle(text)


def load(shell, applications):
    jar = listener_jar(os.listdir(SPARK_JARS))
    if not hasattr(shell, "kernel") or jar is None:
        return
    comms, links, busy = Comms(), Links(), Busy(shell.kernel)
    shell.kernel.comm_manager.register_target("SparkMonitor", comms.opened)

    def handle(text):
        message = json.loads(text)
        busy.heard(message)
        comms.send(message["msgtype"], text)
        links.heard(message)

    server = socket.create_server(("localhost", 0))
    threading.Thread(target=receive, args=(server, handle), daemon=True, name="spark progress").start()
    os.environ["SPARKMONITOR_KERNEL_PORT"] = str(server.getsockname()[1])
    # At the end of the class path, and only for this kernel's drivers.
    others = os.environ.get("SPARK_DIST_CLASSPATH")
    os.environ["SPARK_DIST_CLASSPATH"] = ":".join(filter(None, [others, str(LISTENERS / jar)]))

    def attach(java_context):
        from pyspark import SparkContext

        context = java_context.sc()
        links.begin(page_of(context))
        comms.begin(
            json.dumps(
                {
                    "msgtype": "sparkApplicationStart",
                    "startTime": context.startTime(),
                    "appId": context.applicationId(),
                    "appAttemptId": "null",
                    "appName": context.appName(),
                    "sparkUser": context.sparkUser(),
                }
            )
        )
        listener = SparkContext._jvm.sparkmonitor.listener.JupyterSparkMonitorListener(context.conf())
        context.addSparkListener(listener)

    applications.on_begin(attach)
    shell.events.register("pre_run_cell", busy.cell_begins)
    shell.events.register("post_run_cell", busy.cell_ends)
    shell.events.register("pre_run_cell", links.cell_begins)
