"""Reads the state of the master."""

import http.client
import json
import urllib.request

ADDRESS = "http://spark-master:8080/json/"


def state(timeout=5):
    """The master's workers and applications; None if it does not respond."""
    try:
        with urllib.request.urlopen(ADDRESS, timeout=timeout) as answer:
            return json.load(answer)
    except (OSError, ValueError, http.client.HTTPException):
        return None


def workers():
    """The workers that are alive; None if the master does not respond."""
    found = state()
    return None if found is None else [worker for worker in found["workers"] if worker["state"] == "ALIVE"]
