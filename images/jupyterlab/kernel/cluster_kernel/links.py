"""A line under a cell with links to the stages that it runs. sparkmonitor's widget has no links."""

import html
import os
import pathlib

# Jobs shown at most; all are on the application's page.
JOBS = 8


def line_of(page, jobs):
    """The line as HTML and as plain text, from the application's page and a list of (job, its stages)."""
    shown = jobs[-JOBS:]
    parts = [_link(f"{page}/jobs/", "application")]
    if len(jobs) > len(shown):
        parts.append(f"{len(jobs) - len(shown)} more")
    for job, stages in shown:
        links = (_link(f"{page}/stages/stage/?id={stage}&attempt=0", f"stage {stage}") for stage in stages)
        parts.append(f"job {job}: " + ", ".join(links))
    return {
        "text/html": f"<small>Spark: {' &middot; '.join(parts)}</small>",
        "text/plain": f"Spark: {page}/jobs/",
    }


def _link(address, text):
    return f'<a href="{html.escape(address)}" target="_blank" rel="noopener">{text}</a>'


def in_page():
    """Whether JupyterLab started this kernel. JupyterLab sets this variable for its kernels; if the parent process has it too,
    the parent is a command in a cell of another notebook, such as `!jupyter execute`."""
    name = "JPY_SESSION_NAME"
    return name in os.environ and f"{name}=".encode() not in pathlib.Path(f"/proc/{os.getppid()}/environ").read_bytes()


class Links:
    def __init__(self):
        self._in_page = in_page()
        self._page = None
        self._jobs = []
        self._shown = None

    def begin(self, page):
        """Announces an application by the address of its page."""
        self._page = page

    def cell_begins(self, *_):
        self._jobs, self._shown = [], None

    def heard(self, message):
        # A notebook that runs without a browser becomes a document: no links.
        if message["msgtype"] != "sparkJobStart" or self._page is None or not self._in_page:
            return
        from IPython.display import display

        self._jobs.append((int(message["jobId"]), sorted(int(stage) for stage in message["stageIds"])))
        line = line_of(self._page, self._jobs)
        if self._shown is None:
            self._shown = display(line, raw=True, display_id=True)
        else:
            self._shown.update(line, raw=True)
