"""Reports in a cell that installed an extension of JupyterLab that the page has to be reloaded before the extension works."""

import os
import pathlib


def extensions(environment):
    folder = pathlib.Path(environment, "share/jupyter/labextensions")
    return {file.parent.name for pattern in ("*", "*/*") for file in folder.glob(f"{pattern}/package.json")}


class Extensions:
    def __init__(self, environment, jupyterlab):
        self._environment = environment
        self._known = extensions(environment) | extensions(jupyterlab)

    def cell_ended(self, *_):
        new = extensions(self._environment) - self._known
        self._known |= new
        if new:
            print(f"[spark-cluster] Reload this page in the browser, to see what needs {', '.join(sorted(new))}.")


def load(shell):
    shell.events.register("post_run_cell", Extensions(os.environ["NOTEBOOK_PACKAGES"], "/opt/jupyterlab").cell_ended)
