"""What every kernel loads beside its own. Not `extensions`: a person's own list of them would take its place."""

import sys

c = get_config()  # noqa: F821  # IPython defines it

sys.path.append("/opt/kernel")
c.InteractiveShellApp.extra_extensions = ["cluster_kernel"]
