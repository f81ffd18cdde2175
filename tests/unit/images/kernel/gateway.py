#!/usr/bin/env python3
"""Stands in for spark-submit: a gateway that answers every command, and ends with its standard input, as PySpark's does."""

import os
import socket
import struct
import sys
import threading

server = socket.create_server(("127.0.0.1", 0))
silent = os.environ.get("GATEWAY") == "silent"
kept = []


def serve():
    while True:
        connection, _ = server.accept()
        kept.append(connection)
        for line in connection.makefile():
            if line.startswith(("secret", "e")) and not silent:
                connection.sendall(b"!yv\n")


threading.Thread(target=serve, daemon=True).start()
target = os.environ["_PYSPARK_DRIVER_CONN_INFO_PATH"]
with open(f"{target}.part", "wb") as file:
    file.write(struct.pack("!ii", server.getsockname()[1], 6) + b"secret")
os.rename(f"{target}.part", target)
sys.stdin.read()
