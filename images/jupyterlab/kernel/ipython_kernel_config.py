"""Extensions that every kernel loads. Not in `extensions`, which a user's own list would replace."""

import sys

c = get_config()  # noqa: F821  # IPython defines it

sys.path.append("/opt/kernel")
# Without the warning at each start that page and kernel exchange plain text: they are in one container.
c.IPKernelApp.log_level = "ERROR"
c.InteractiveShellApp.extra_extensions = ["cluster_kernel"]
