"""The state of the master, and why an application gets no executor."""

from spark_cluster.master import state  # noqa: F401  # for the other modules of the kernel


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
        "The master responds, but has not registered this application. It refuses a driver with another secret, or without "
        "encryption, and does not report the reason; Spark gives up after a minute.\n"
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


def _shown(name):
    """A name that another user has chosen, on one line and without control characters of a terminal."""
    short = name if len(name) <= 60 else name[:57] + "..."
    return "".join(each if each.isprintable() else "?" for each in short)


def _cores(count):
    return f"{count} core" if count == 1 else f"{count} cores"
