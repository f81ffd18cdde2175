"""Makes plots work in JupyterLab if a library's default needs a CDN in the browser, or another library."""

import importlib.util

from spark_cluster.imports import when_imported

# The newest type that JupyterLab has. It draws charts of later versions as well, but has no type for them.
VEGA_LITE = "application/vnd.vegalite.v5+json"


def draw_in_jupyterlab(altair):
    """Replaces Altair's default, with which the browser loads Vega-Lite from a CDN."""
    altair.renderers.register("jupyterlab", lambda spec, **_: {VEGA_LITE: spec, "text/plain": "<Altair chart>"})
    altair.renderers.enable("jupyterlab")


def plot_without_plotly(pandas):
    """Sets another default if plotly is missing: the pandas API on Spark uses plotly, installed or not."""
    if importlib.util.find_spec("plotly") is None:
        pandas.config._options_dict["plotting.backend"].default = "matplotlib"


def load():
    when_imported("altair", draw_in_jupyterlab)
    when_imported("pyspark.pandas", plot_without_plotly)
