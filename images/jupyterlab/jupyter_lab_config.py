"""JupyterLab's settings for its pages and for `jupyter labextension list`."""

import os

c = get_config()  # noqa: F821  # Jupyter defines it

# Browser extensions of packages: those from `%pip install`, once the page is reloaded, and the image's widgets.
c.LabApp.extra_labextensions_path = [
    f"{folder}/share/jupyter/labextensions" for folder in (os.environ["NOTEBOOK_PACKAGES"], "/opt/python")
]
