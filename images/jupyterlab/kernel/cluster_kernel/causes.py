"""What is behind an error of Spark's, in plain words, with the key of the configuration or the command that changes it."""

import re

# (pattern, explanation): the first that fits. {key} stands for the value that the cluster has, {key!} for the command that doubles it.
CAUSES = [
    (
        DISK_FULL := r"No space left on device|Disk quota exceeded",
        "The disk that shuffles and spills go to is full: volumes of the workers, on the machine of the engine.\n"
        "What this cell put there is being taken away. Less at a time (filter, select fewer columns, before a join or groupBy) needs less "
        "room. More room on that machine: make prune-images removes images that nobody uses, eventLogRetention shortens how long event "
        "logs are kept",
    ),
    (
        r"spark\.driver\.maxResultSize",
        "The results of the tasks together are larger than a driver may take.\n"
        "Better: aggregate, limit() or write to /opt/workspace instead of collecting. Or allow more, within the driver's {driverMemory}: "
        "pulumi config set --path 'sparkProperties[\"spark.driver.maxResultSize\"]' 2g and {driverMemory!}",
    ),
    (
        r"Unable to allocate|\bMemoryError|_ArrayMemoryError|std::bad_alloc",
        "Python ran out of memory in an executor: its functions there may take pythonMemory, {pythonMemory}.\n"
        "Smaller batches (spark.sql.execution.arrow.maxRecordsPerBatch) or more partitions need less. Or allow more: {pythonMemory!}",
    ),
    (
        r"(ExecutorLostFailure|stage failure|SparkOutOfMemoryError|UNABLE_TO_ACQUIRE_MEMORY).*"
        r"(OutOfMemoryError|exited with code 52|SparkOutOfMemoryError|UNABLE_TO_ACQUIRE_MEMORY)",
        "An executor ran out of heap: it has executorMemory, {executorMemory}.\n"
        "More partitions (repartition(), spark.sql.shuffle.partitions) make a task's share smaller. Or allow more: {executorMemory!} "
        "(workerMemory has to hold it once for each of the sessions)",
    ),
    (
        r"exited with code 137|exit code 137|Python worker exited unexpectedly",
        "The system ended an executor or its Python, most often because its container was out of memory: Python and native code take "
        "memory beside the heap.\n"
        "More partitions need less at a time. Or allow more: {pythonMemory!}, or executorMemory ({executorMemory}) with workerMemory",
    ),
    (
        r"OutOfMemoryError|GC overhead limit|Not enough memory to build and broadcast",
        "The notebook's driver ran out of heap: it has driverMemory, {driverMemory}.\n"
        "Better: aggregate, limit() or write to /opt/workspace instead of collecting. Or allow more: {driverMemory!}, and restart this "
        "kernel",
    ),
    (
        r"All masters are unresponsive",
        None,  # the master itself knows which of the two it is
    ),
    (
        r"ExecutorLostFailure|Executor heartbeat timed out|Remote RPC client disassociated",
        "An executor was lost: its worker was stopped or made anew, or it took more memory than it may.\n"
        "Run the cell again. If it happens again: make status shows the workers, make logs ROLE=worker what they wrote; more memory by "
        "{executorMemory!} with workerMemory, or {pythonMemory!}",
    ),
    (
        r"Master removed our application|SparkContext was shut down|stopped SparkContext|Application has been killed",
        "The application has ended: the master was lost or removed it, for instance because its executors failed again and again.\n"
        "Restart this kernel and run the notebook again. make status shows the cluster, make logs ROLE=worker what executors wrote.",
    ),
    (
        r"Py4JNetworkError|Answer from Java side is empty|ConnectionRefusedError|Connection refused|JAVA_GATEWAY_EXITED",
        "The driver's Java process is gone, most often because the notebooks together took more memory than JupyterLab's container has.\n"
        "Restart this kernel, and shut down those that you do not need. Or allow more: {driverMemory!}",
    ),
]

UNREACHABLE = (
    "The master does not answer at spark://spark-master:7077.\n"
    "On the machine where the cluster was started: make status shows its containers, make up brings it back. Then restart this kernel."
)
REFUSED = (
    "The master is there and refuses this driver: its secret is missing or wrong, or it asks for no encryption.\n"
    "The cluster sets both; set nothing of spark.authenticate or spark.network.crypto in a notebook. After a new secretGeneration, "
    "make up and restart this kernel."
)

SETTINGS = {
    "driverMemory": "spark.driver.memory",
    "executorMemory": "spark.executor.memory",
    "pythonMemory": "spark.executor.pyspark.memory",
}


def explanation(text, settings, master_answers):
    """What is behind an error of this text; None if there is nothing to add to it.

    settings are Spark's, as the cluster sets them; master_answers is called where it matters.
    """
    for pattern, words in CAUSES:
        if re.search(pattern, text, re.DOTALL):
            if words is None:
                return REFUSED if master_answers() else UNREACHABLE
            return re.sub(r"\{(\w+)(!?)\}", lambda match: _filled(match[1], match[2], settings), words)
    return None


def _filled(key, command, settings):
    value = settings.get(SETTINGS[key], "")
    if command:
        return f"pulumi config set {key} {doubled(value)}, then make up"
    return value or "as configured"


def doubled(size):
    """Twice a size as Spark writes it; 2g for what is no such size."""
    match = re.fullmatch(r"(\d+)([mg])", size)
    if not match:
        return "2g"
    mebibytes = int(match[1]) * (1024 if match[2] == "g" else 1) * 2
    return f"{mebibytes // 1024}g" if mebibytes % 1024 == 0 else f"{mebibytes}m"


def chain(error):
    """An error's text and that of all that it came from."""
    texts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        texts.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return "\n".join(texts)
