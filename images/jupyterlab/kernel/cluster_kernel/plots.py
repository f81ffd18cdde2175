"""Plots that show in JupyterLab as it is, where a library's default needs a CDN in the browser, or another library."""

import importlib.util

from spark_cluster.imports import when_imported

# The newest that JupyterLab draws. It draws charts of later versions as well, but knows no type for them.
VEGA_LITE = "application/vnd.vegalite.v5+json"


def draw_in_jupyterlab(altair):
    """Altair's own default has the browser load Vega-Lite from a CDN."""
    altair.renderers.register("jupyterlab", lambda spec, **_: {VEGA_LITE: spec, "text/plain": "<Altair chart>"})
    altair.renderers.enable("jupyterlab")


def plot_without_plotly(pandas):
    """The pandas API on Spark plots with plotly unless told otherwise, installed or not."""
    if importlib.util.find_spec("plotly") is None:
        pandas.config._options_dict["plotting.backend"].default = "matplotlib"


def load():
    when_imported("altair", draw_in_jupyterlab)
    when_imported("pyspark.pandas", plot_without_plotly)
