"""The server's settings. The token is a file that the cluster mounts: never in the environment, never in a command line."""

import pathlib

c = get_config()  # noqa: F821  # Jupyter defines it

c.IdentityProvider.token = pathlib.Path("/etc/spark-cluster/jupyter-token").read_text().strip()
c.LabApp.app_settings_dir = "/etc/spark-cluster"  # overrides.json
c.KernelSpecManager.ensure_native_kernel = False  # this environment's own Python has no Spark
c.ServerApp.ip = "0.0.0.0"  # inside the container; what is published where, the cluster decides
c.ServerApp.open_browser = False
c.ServerApp.port = 8888
c.ServerApp.root_dir = "/opt/workspace"
