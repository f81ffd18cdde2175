"""The server's settings. The token comes from a mounted file, never from the environment or a command line."""

import hashlib
import os
import pathlib


def memory_limit(**_):
    """The container's limit in bytes, 0 for none. Read on each call, because on Docker ideMemory can change while it runs."""
    files = [pathlib.Path("/sys/fs/cgroup", name) for name in ("memory.max", "memory/memory.limit_in_bytes")]
    limits = [file.read_text().strip() for file in files if file.exists()]
    # cgroups v1 represents "none" by a number near the largest 64-bit integer.
    return next((int(limit) for limit in limits if limit.isdigit() and int(limit) < 2**60), 0)


c = get_config()  # noqa: F821  # Jupyter defines it

# The trash would be a folder on the home's volume that nobody empties. JupyterLab asks before it deletes.
c.FileContentsManager.delete_to_trash = False
c.FileContentsManager.always_delete_dir = True
token = pathlib.Path("/etc/spark-cluster/jupyter-token").read_text().strip()
c.IdentityProvider.token = token
# Signs the cookies of browsers. By default the key is a file in HOME, whose cookies a new token would not end.
c.ServerApp.cookie_secret = hashlib.sha256(b"cookies:" + token.encode()).digest()
c.LabApp.app_settings_dir = "/etc/spark-cluster"  # overrides.json
c.KernelSpecManager.ensure_native_kernel = False  # this environment's own Python has no Spark
# The menu offers no export that needs pandoc, TeX (PDF too), Qt or Playwright, which the image does not have.
for exporter in ("ASCIIDoc", "Latex", "Qt", "RST", "WebPDF"):
    c[exporter + "Exporter"].enabled = False
c.ResourceUseDisplay.mem_limit = memory_limit  # shown in the status bar, next to the memory of server, kernels and drivers
if "IDLE_SECONDS" in os.environ:
    # Kernels that no page is connected to. A job or a stream with jobs is not idle: its progress messages are activity.
    c.MappingKernelManager.cull_idle_timeout = int(os.environ["IDLE_SECONDS"])
    c.MappingKernelManager.cull_interval = min(60, int(os.environ["IDLE_SECONDS"]))
c.ServerApp.ip = "0.0.0.0"  # inside the container; the cluster decides what is published
c.ServerApp.open_browser = False
c.ServerApp.port = 8888
c.ServerApp.root_dir = "/opt/workspace"
# By default a terminal is a login shell, whose PATH is Debian's: without pip, jupyter and the Python that has PySpark.
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash"]}
if "JUPYTERLAB_BASE_PATH" in os.environ:
    c.ServerApp.base_url = os.environ["JUPYTERLAB_BASE_PATH"]
    c.ServerApp.trust_xheaders = True  # of the reverse proxy: cookies are marked for https
    c.ServerApp.extra_services = ["spark_pages"]
if "JUPYTERLAB_TLS" in os.environ:
    c.ServerApp.certfile = os.environ["JUPYTERLAB_TLS"] + "/tls.crt"
    c.ServerApp.keyfile = os.environ["JUPYTERLAB_TLS"] + "/tls.key"
