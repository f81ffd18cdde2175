"""The state of the master, and why an application gets no executor."""

import html
import re
import urllib.request

from spark_cluster.master import ADDRESS, state  # noqa: F401  # for the other modules of the kernel

PAGE = ADDRESS.removesuffix("/json/")


def has_begun(state, since):
    """Whether the master has registered an application since a time in seconds."""
    return any(app["starttime"] >= (since - 1) * 1000 for app in state["activeapps"])


UNREACHABLE = (
    "The master does not answer, so that nobody gives out executors.\n"
    "On the machine where the cluster was started: make status shows its containers, make up brings it back."
)


def refusal(state):
    """Why an application is not registered yet."""
    if state is None:
        return UNREACHABLE
    return (
        "The master responds, but has not registered this application. Spark first loads the files that the session names "
        "(spark.archives, spark.files, spark.jars), and registers after that. Without such files, the master refuses the driver: it has "
        "another secret, or no encryption. Spark gives up after a minute.\n"
        "Do not set spark.authenticate or spark.network.crypto in a notebook. After a new secretGeneration, restart this kernel; "
        "if that does not help, run make up."
    )


def shortage(state, application, cores, memory):
    """Why an application has no executor, and what to do; None if one should start any moment.

    cores and memory (MiB) are those of one executor.
    """
    if state is None:
        return UNREACHABLE
    apps = {app["id"]: app for app in state["activeapps"]}
    if application not in apps:
        return (
            "The master does not know this application any more: the master was restarted, or it ended the application.\n"
            "Restart this kernel; the pages of the application show the details."
        )
    workers = [worker for worker in state["workers"] if worker["state"] == "ALIVE"]
    if not workers:
        return (
            "No worker is registered with the master.\n"
            "On the machine where the cluster was started: make status shows the containers, make logs ROLE=worker what they wrote."
        )
    if not any(worker["cores"] >= cores and worker["memory"] >= memory for worker in workers):
        largest = max(workers, key=lambda worker: (worker["memory"], worker["cores"]))
        return (
            f"An executor of this application wants {_cores(cores)} and {memory}m, and no worker has more than "
            f"{_cores(largest['cores'])} and {largest['memory']}m.\n"
            "Ask for less, by executorCores and executorMemory, or give the workers more, by workerCores and workerMemory."
        )
    free = [(worker["cores"] - worker["coresused"], worker["memory"] - worker["memoryused"]) for worker in workers]
    if any(free_cores >= cores and free_memory >= memory for free_cores, free_memory in free):
        return None
    lack = "cores are" if all(free_cores < cores for free_cores, _ in free) else "memory is"
    holders = [app for app in state["activeapps"] if app["id"] != application and app["cores"] > 0]
    names = ", ".join(f"{_shown(app['name'])} ({app['id']}, {_cores(app['cores'])})" for app in holders)
    return (
        f"All of the workers' {lack} taken" + (f", by {names}" if names else "") + ". This application waits its turn.\n"
        "Shut another notebook down (its kernel, or spark.stop() in it), or make room for one more: a higher `sessions`, with "
        "workerCores and workerMemory to match, by pulumi config set and make up."
    )


class Ends:
    """Whether an application's executors end as soon as they start, seen in questions a few seconds apart."""

    def __init__(self):
        self._before = None

    def reason(self, application, pages):
        """Why an application has no executors where a worker has room; None unless two have ended since the first question.

        pages is the address of the master's page for a browser.
        """
        ended = _ended(_text(f"{PAGE}/app/?appId={application}"))
        if self._before is None:
            self._before = len(ended)
        if len(ended) < self._before + 2:
            return None
        last = _last_line(_text(f"{PAGE}{ended[0]}"))
        return (
            "A worker has room, but this application's executors end as soon as they start" + (f": {last}" if last else "") + "\n"
            "Spark starts them without end. Interrupt the cell, correct the setting of the session that ends them, such as "
            "spark.executor.extraJavaOptions, and restart this kernel. Their own output is on the master's page, under Removed Executors, "
            f"stderr: {pages}/app/?appId={application}"
        )


def _ended(page):
    """The paths of the stderr of executors that have ended by themselves, the last one first, on the master's page of an application."""
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    stderr = r'href="[^"]*(/proxy/[^"/]+)/logPage(/\?[^"]*executorId=(\d+)[^"]*logType=stderr)"'
    links = [re.search(stderr, row) for row in rows if re.search("<td>(EXITED|FAILED)</td>", row)]
    found = sorted((link for link in links if link), key=lambda link: int(link[3]), reverse=True)
    return [f"{link[1]}/log{html.unescape(link[2])}" for link in found]


# The worker's and the executor's first lines, and Java's last ones.
WITHOUT_REASON = ("====", "Spark Executor Command:", "Error: Could not create the Java Virtual Machine", "Error: A fatal exception has occurred")


def _last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(WITHOUT_REASON)]
    return _shown(lines[-1], 200) if lines else ""


def _text(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.read().decode(errors="replace")
    except (OSError, ValueError):
        return ""


def _shown(name, length=60):
    """A text of somebody else, on one line and without control characters of a terminal."""
    short = name if len(name) <= length else name[: length - 3] + "..."
    return "".join(each if each.isprintable() else "?" for each in short)


def _cores(count):
    return f"{count} core" if count == 1 else f"{count} cores"
