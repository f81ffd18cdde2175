"""Explains the cause of a Spark error in plain words, with the config key or the command that fixes it.

Each rule recognizes one cause by the types of the exceptions, the places where they were raised, and exit codes. It takes one
throwable of the error, and the whole chain of them. An error that no rule recognizes is not explained.
"""

import re
from typing import Callable, NamedTuple

from . import additions, columns
from .failure import DRIVER, EXECUTOR, FUNCTION, NOTEBOOK

SHARED = "/opt/workspace"
SCRATCH = "/var/lib/spark"

DISK_FULL = (
    "The disk that shuffles and spills go to is full: the workers' volumes, on the engine's machine.\n"
    "The files of this cell are being deleted there. Less data at a time needs less space: filter or select fewer columns before "
    "a join or groupBy. To free space on that machine: make prune-images removes unused images and "
    "prints the command that frees Docker's build cache, eventLogRetention shortens how long event logs are kept"
)
TMP_FULL = (
    "/tmp of a worker's container is full. It is kept in memory, and tmpMemory limits it.\n"
    f"Write large files below {SHARED} instead. Or allow more: set tmpMemory by pulumi config set, then make up"
)
SHARED_FULL = (
    f"The shared volume, {SHARED}, is full.\n"
    f"Delete what is no longer needed there (du -sh {SHARED}/* in a terminal shows sizes), or free space on the engine's "
    "machine: make prune-images removes unused images and prints the command that frees Docker's build cache"
)
RESULTS_TOO_LARGE = (
    "The results of the tasks together are larger than a driver may take.\n"
    "Better: aggregate, limit() or write to /opt/workspace instead of collecting. Or allow more, within the driver's {driverMemory}: "
    "pulumi config set --path 'sparkProperties[\"spark.driver.maxResultSize\"]' 2g and {driverMemory!}"
)
PYTHON_MEMORY = (
    "Python ran out of memory in an executor: its functions there may take pythonMemory, {pythonMemory}.\n"
    "Smaller batches (spark.sql.execution.arrow.maxRecordsPerBatch) or more partitions need less. Or allow more: {pythonMemory!}"
)
PYTHON_CRASHED = (
    "Native code crashed in an executor's Python ({fault}). This is a fault of a library or of how it is called, not of memory or of the "
    "cluster.\n"
    "The traceback above shows the call. Run the function on one row in the notebook's terminal, or try another version of the library"
)
PYTHON_ENDED = (
    "An executor's Python ended without an error of its own: {crash}the function ended its process, or the system killed it, most often "
    "because the worker's container was out of memory.\n"
    "In the last case more partitions need less at a time, or allow more: {pythonMemory!}"
)
EXECUTOR_HEAP = (
    "{what}: it has executorMemory, {executorMemory}.\n"
    "More partitions (repartition(), spark.sql.shuffle.partitions) make a task's share smaller. Or allow more: {executorMemory!} "
    "(workerMemory has to hold it once for each of the sessions)"
)
COMET_MEMORY = (
    "Comet ran out of memory in an executor: it has offHeapMemory, {offHeapMemory}, and some operators cannot use the disk instead.\n"
    'Without Comet the query needs less: spark.conf.set("spark.comet.enabled", "false"). Or allow more: {offHeapMemory!}'
)
EXECUTOR_KILLED = (
    "The system killed an executor (exit code 137), most often because its container was out of memory: Python and native code take "
    "memory in addition to the heap.\n"
    "More partitions need less at a time. Or allow more: {pythonMemory!}, or executorMemory ({executorMemory}) with workerMemory"
)
EXECUTOR_CRASHED = (
    "Native code crashed in an executor (exit code {code}, {signal}). This is a fault of a library, not of memory.\n"
    "The end of the executor's output names the library: Spark's UI, Executors, stderr"
)
EXECUTOR_REAPED = (
    "Spark ended an executor (exit code 57), because a cancelled task did not end within 10 seconds.\n"
    "Run the cell again. Cached data of the executor is computed again"
)
EXECUTOR_ENDED = (
    "An executor ended with exit code {code}.\n"
    "The end of its own output shows why: Spark's UI, Executors, stderr"
)
EXECUTOR_SILENT = (
    "An executor stopped responding, most often because its heap, executorMemory ({executorMemory}), is nearly full and it is collecting "
    "garbage, or because its machine is overloaded.\n"
    "Run the cell again. If it happens again, more partitions make a task's share smaller. Or allow more: {executorMemory!}"
)
EXECUTOR_SLEPT = (
    "An executor did not respond for {minutes} minutes: most often the machine slept, or it or its containers were stopped.\n"
    "Run the cell again"
)
EXECUTOR_LOST = (
    "An executor was lost: it or its worker was stopped, replaced or killed.\n"
    "Run the cell again. If it happens again: make status shows the workers, make logs ROLE=worker their output"
)
DRIVER_HEAP = (
    "{what}: it has driverMemory, {driverMemory}.\n"
    "Better: aggregate, limit() or write to /opt/workspace instead of collecting. Or allow more: {driverMemory!}, and restart this "
    "kernel"
)
DEEP = (
    "The query, or the steps that led to it, is nested too deeply for Java's stack.\n"
    "Write many conditions as isin() or a join, many columns as one select() or withColumns(). In a loop, cut what has grown: "
    "frame = frame.localCheckpoint()"
)
REMOVED = (
    "The master removed this application, because its executors failed again and again.\n"
    "The end of their own output shows why: on the master's page, this application, Removed Executors, stderr. Then restart this kernel "
    "and run the notebook again"
)
ENDED = (
    "The application has ended, and not by this notebook.\n"
    "Restart this kernel and run the notebook again. make status shows the cluster, the master's page the executors' output"
)
STOPPED = (
    "This belongs to a session that has ended.\n"
    "Open a new session with SparkSession.builder.getOrCreate(), and rerun the cells whose results this cell uses"
)
JAVA_KILLED = (
    "The driver's Java process is gone: it was killed, most often because the notebooks together took more memory than JupyterLab's "
    "container has.\n"
    "Restart this kernel, and shut down the kernels that you do not need. Or allow more: {driverMemory!}"
)
JAVA_ENDED = (
    "The driver's Java process has ended (exit code {code}).\n"
    "Restart this kernel and run the notebook again"
)
NO_PACKAGE = (
    "The driver did not start: no repository has the package {package}, which spark.jars.packages asks for.\n"
    "Check group, name, Scala version and version. Then restart this kernel and run the cell again"
)
NO_REPOSITORY = (
    "The driver did not start: {package}, which spark.jars.packages asks for, was not found, and {hosts} could not be reached.\n"
    "If this container has no way to that address, put the package into the images: extraJars. Then restart this kernel"
)
NO_MEMORY_SIZE = (
    "The driver did not start: {size} is not a size that Java takes for spark.driver.memory.\n"
    "Write it like 800m or 2g. Then restart this kernel and run the cell again"
)
OWN_DISK = (
    "{path} is on each container's own disk, so workers do not see what the notebook has there.\n"
    f"Keep files that functions and queries read below {SHARED}, which all containers share"
)
OWN_MODULE = (
    "The notebook has module {module} from {file}, which workers do not see.\n"
    f"Put it next to the notebook or elsewhere below {SHARED}, or install it with %pip"
)
READ_ONLY = (
    "{path} cannot be written: outside of the home folder, the containers' own disks are read-only.\n"
    f"Write below {SHARED}, which all containers share and which stays. A relative path is below the notebook's folder there"
)
OTHER_IMAGE = (
    "/home/jovyan is a folder of other images (jupyter/docker-stacks).\n"
    f"Here, notebooks and their files are below {SHARED}. A relative path is below the notebook's folder there"
)
NO_SESSION_YET = (
    "The notebook has no {name} yet: unlike on Databricks or in the PySpark shell, each notebook opens its own session.\n"
    "from pyspark.sql import SparkSession; spark = SparkSession.builder.getOrCreate(); sc = spark.sparkContext"
)
OF_DATABRICKS = (
    "dbutils belongs to Databricks.\n"
    f"Here, files are below {SHARED}: Python's pathlib and shutil, or ls and cp after a !, take the place of dbutils.fs"
)
THIS_CONTAINER = (
    "{host} is the container in which this runs, not the machine of the cluster.\n"
    "A server on that machine is at host.docker.internal (with Podman host.containers.internal, on a swarm the machine's own name). On "
    "Linux it has to listen on more than 127.0.0.1"
)
EXAMPLE_DATA = (
    "Spark's example files are in Spark's own folder.\n"
    "Read /opt/spark/{path}, or copy it to your folder: import shutil; shutil.copy(\"/opt/spark/{path}\", \".\")"
)
TABLE_OF_BEFORE = (
    "{folder} has the files of a table that is not in the catalog: it was written with catalog: session, or its driver ended "
    "at the end of the write.\n"
    'To keep the rows: import os; os.rename("{folder}", "{kept}"), and read them with spark.read.parquet. To delete them: import '
    'shutil; shutil.rmtree("{folder}"). Then run the cell again'
)
TABLE_OF_NOW = (
    "{folder} has the files of a table that is not in the catalog yet: another notebook is writing it, or its driver ended during the "
    "write.\n"
    "If a notebook is still writing the table, wait until it has ended, and run the cell again. Only if none is, delete what is left: "
    'import shutil; shutil.rmtree("{folder}")'
)
NO_CATALOG = (
    "The database of the shared catalog does not respond.\n"
    "On the machine where the cluster was started: make status shows its container, make up brings it back. Then run the cell again"
)
CATALOG_STARTS = (
    "The database of the shared catalog is {state}.\n"
    "Run the cell again in a few seconds. If it stays so: make status shows its container, make logs ROLE=catalog its output"
)
CATALOG_TAKEN = (
    "The database of the shared catalog has no connection left: too many sessions use it at once.\n"
    "Shut down the kernels that you do not need, then run the cell again"
)
UNREACHABLE = (
    "The master does not answer at spark://spark-master:7077.\n"
    "On the machine where the cluster was started: make status shows its containers, make up brings it back. Then restart this kernel"
)
UNREGISTERED = (
    "The master responds now, but did not register this application within a minute.\n"
    "Restart this kernel and run the cell again: the master may have started late. If it happens again, the master rejects this driver: "
    "do not set spark.authenticate or spark.network.crypto in a notebook, and run make up after a new secretGeneration"
)
REFUSED = (
    "The master rejects this driver: its secret is missing or wrong, or it does not use encryption.\n"
    "The cluster sets both; do not set spark.authenticate or spark.network.crypto in a notebook. After a new secretGeneration, "
    "run make up and restart this kernel"
)

SETTINGS = {
    "driverMemory": "spark.driver.memory",
    "executorMemory": "spark.executor.memory",
    "pythonMemory": "spark.executor.pyspark.memory",
    "offHeapMemory": "spark.memory.offHeap.size",
}
SIGNALS = {132: "SIGILL", 134: "SIGABRT", 135: "SIGBUS", 136: "SIGFPE", 139: "SIGSEGV"}
KILLS = (-9, 137)


class Facts(NamedTuple):
    """Facts besides the error itself."""

    # Spark's memory settings of this session.
    settings: dict
    # Those of them that the session sets itself.
    own: frozenset
    # Whether the session runs its tasks in the driver.
    is_local: bool
    # Whether the master responds.
    master_answers: Callable[[], bool]
    # Spark's version.
    spark: str
    # The exit code of the driver's Java; None while it runs.
    java_exit: Callable[[], int | None]
    # Java's output in the cell.
    heard: str
    # The file of a module in the notebook, by name; None without one.
    module_file: Callable[[str], str | None]
    # Whether a name of the notebook is PySpark's.
    is_of_pyspark: Callable[[str], bool]
    # Whether the notebook sees a file.
    has_file: Callable[[str], bool]


def explanation(chain, facts):
    """Explains an error that failure.chain has read; None if there is nothing to add."""
    if not chain or chain[0].type.endswith("KeyboardInterrupt"):
        return None
    for rule in RULES:
        for each in chain:
            found = rule(each, chain, facts)
            if found is not None:
                words, values = found if isinstance(found, tuple) else (found, {})
                return filled(words, values, facts)
    return None


def java_ended(each, _, facts):
    # A Py4JJavaError is Java's answer, so Java was still running.
    if each.where != NOTEBOOK or each.type.endswith("Py4JJavaError"):
        return None
    if not _raised_by(each, "py4j.") and not _is_of_socket(each):
        return None
    code = facts.java_exit()
    if code == 52:  # Spark's, for every OutOfMemoryError
        return DRIVER_HEAP, {"what": "The driver's Java ran out of memory (exit code 52), most often of its heap"}
    if code is not None:
        return JAVA_KILLED if code in KILLS else (JAVA_ENDED, {"code": code})


def java_did_not_start(each, _, facts):
    if each.where != NOTEBOOK or not each.text.startswith("[JAVA_GATEWAY_EXITED]"):
        return None
    if missing := re.search(r"unresolved dependency: (\S+): not found", facts.heard):
        package = re.sub("[#;]", ":", missing[1])
        hosts = sorted(set(re.findall(UNREACHED, facts.heard)))
        return (NO_REPOSITORY, {"package": package, "hosts": " and ".join(hosts)}) if hosts else (NO_PACKAGE, {"package": package})
    if malformed := re.search(r"^Invalid maximum heap size: -Xmx(\S+)", facts.heard, re.MULTILINE):
        return NO_MEMORY_SIZE, {"size": malformed[1]}


# How Ivy reports a repository that did not respond.
UNREACHED = r"(?:Host \S+ not found\. url=|Server access error at url )https?://([^\s/]+)"


def no_master(each, _, facts):
    is_of_session = each.where == NOTEBOOK and each.type == "builtins.RuntimeError" or each.where == DRIVER
    if is_of_session and re.match(r"(Job aborted due to stage failure: )?All masters are unresponsive", each.text):
        if not facts.master_answers():
            return UNREACHABLE
        return REFUSED if "Authentication failed" in facts.heard else UNREGISTERED


def full_disk(_each, chain, _facts):
    for each in reversed(chain):
        if each.where not in (EXECUTOR, FUNCTION) or not re.search("No space left on device|Disk quota exceeded", each.text):
            continue
        if each.where == EXECUTOR and each.type.rpartition(".")[2] in DISK_ERRORS:
            place = _path_in(each.text) or (SCRATCH if _raised_by(each, *STORES) else _written_path(chain))
        elif each.where == FUNCTION and each.type == "OSError":
            place = _path_in(each.text)
        else:
            continue
        for folder, words in ((SCRATCH, DISK_FULL), (SHARED, SHARED_FULL), ("/tmp", TMP_FULL)):
            if place is not None and _is_below(place, folder):
                return words
    return None


DISK_ERRORS = ("IOException", "FSError", "FileSystemException", "FileNotFoundException", "SparkOutOfMemoryError")
# The classes with which Spark writes shuffles, spills and blocks.
STORES = ("org.apache.spark.storage.", "org.apache.spark.shuffle.", "org.apache.spark.util.collection.", "org.apache.spark.memory.")


def results_too_large(each, *_):
    if re.match(r"(Job aborted due to stage failure: )?Total size of serialized results .* spark\.driver\.maxResultSize", each.text):
        return RESULTS_TOO_LARGE


def python_memory(each, *_):
    if each.where == FUNCTION and each.type.rpartition(".")[2] in ("MemoryError", "_ArrayMemoryError", "ArrowMemoryError"):
        return PYTHON_MEMORY
    if each.where == EXECUTOR and re.match(r"Python worker exited unexpectedly \(crashed\): pythonMemory", each.text):
        return PYTHON_MEMORY


def python_ended(each, *_):
    if each.where == EXECUTOR and each.text.startswith("Python worker exited unexpectedly"):
        fault = re.search(r"^Python worker exited unexpectedly \(crashed\): Fatal Python error: (.*)", each.text)
        if fault:
            return PYTHON_CRASHED, {"fault": fault[1]}
        # Spark adds this advice if the setting is off.
        return PYTHON_ENDED, {"crash": "native code crashed, " if "faulthandler.enabled" in each.text else ""}


def executor_heap(each, _, facts):
    if each.where == EXECUTOR and _is_heap(each):
        if facts.is_local:
            return DRIVER_HEAP, {"what": "The notebook's driver, which runs the tasks of a local session, ran out of heap"}
        return EXECUTOR_HEAP, {"what": "An executor ran out of heap"}
    if each.where == EXECUTOR and _exit_code(each) == 52:  # Spark's, for every OutOfMemoryError
        return EXECUTOR_HEAP, {"what": "Java in an executor ran out of memory (exit code 52), most often of its heap"}


def comet_memory(each, *_):
    if each.where == EXECUTOR and each.type.endswith(".CometNativeException") and each.text.startswith("Resources exhausted"):
        return COMET_MEMORY


def executor_ended(each, *_):
    code = _exit_code(each)
    if code == 137:
        return EXECUTOR_KILLED
    if code == 57:
        return EXECUTOR_REAPED
    if code in SIGNALS:
        return EXECUTOR_CRASHED, {"code": code, "signal": SIGNALS[code]}
    if code is not None and code != 143:
        return EXECUTOR_ENDED, {"code": code}


def executor_lost(each, *_):
    if each.where == EXECUTOR and each.type == "ExecutorLostFailure":
        silent = re.search(r"heartbeat timed out after (\d+) ms", each.text)
        if silent and int(silent[1]) > ASLEEP:
            return EXECUTOR_SLEPT, {"minutes": int(silent[1]) // 60_000}
        return EXECUTOR_SILENT if silent else EXECUTOR_LOST
    if each.where == EXECUTOR and each.type.endswith(("FetchFailedException", "ExecutorDeadException")) and "dead" in each.text:
        return EXECUTOR_LOST


# Milliseconds. Spark itself notices a silent executor after two or three minutes.
ASLEEP = 600_000


def driver_heap(each, *_):
    if each.where == DRIVER and (_is_heap(each) or "Not enough memory to build and broadcast" in each.text):
        return DRIVER_HEAP, {"what": "The notebook's driver ran out of heap"}


def deep(each, *_):
    if each.where == DRIVER and each.type == "java.lang.StackOverflowError" and _raised_by(each, *PLANS):
        return DEEP


# The classes that walk through a query's plan, and those that serialize what a chain of RDDs consists of.
PLANS = ("org.apache.spark.sql.", "org.apache.spark.rdd.", "java.io.ObjectOutputStream", "scala.collection.")


def application_ended(each, *_):
    if each.where != DRIVER:
        return None
    if each.text.startswith("Job aborted due to stage failure: Master removed our application"):
        return REMOVED if "application: FAILED" in each.text else ENDED
    if each.text.startswith("Cannot call methods on a stopped SparkContext") and SPARKS_STOP.search(each.text):
        return ENDED
    if re.match(r"Job \d+ cancelled because SparkContext was shut down", each.text) and JAVA_STOP not in each.frames:
        return ENDED


# Marks of a stop by Spark itself, and of one by Python's spark.stop().
SPARKS_STOP = re.compile(r"it was stopped at:\s+org\.apache\.spark\.SparkContext\$\$anon")
JAVA_STOP = "org.apache.spark.api.java.JavaSparkContext"
# What a stopped session has no more: in Spark 4.1, and since 4.2.
NO_SESSION = re.compile(r'\.(SparkPlan\.session|SparkContext\.dagScheduler)\(\)" is null')


def stopped(each, *_):
    """Use of a session that has ended, which Spark 4 reports as a bug of its own."""
    if each.where == DRIVER and (
        each.text.startswith("Cannot call methods on a stopped SparkContext")
        or each.type == "java.lang.NullPointerException" and NO_SESSION.search(each.text)
    ):
        return STOPPED
    if each.where == NOTEBOOK and each.type == "builtins.AttributeError" and re.match(r"pyspark(\.core)?\.context\b", each.frames[0]):
        return STOPPED


def table_of_before(each, _, facts):
    taken = re.match(r"\[LOCATION_ALREADY_EXISTS\] .* location 'file:/*(/[^']+)' already exists", each.text)
    if taken and each.where == DRIVER:
        if facts.has_file(f"{taken[1]}/_temporary"):
            return TABLE_OF_NOW, {"folder": taken[1]}
        return TABLE_OF_BEFORE, {"folder": taken[1], "kept": f"{SHARED}/{taken[1].rpartition('/')[2]}-of-before"}


def no_catalog(each, chain, _):
    # A query of a user's own database has the same errors, but not from the metastore's classes.
    if not any(one.type.startswith("javax.jdo.") or _raised_by(one, "org.apache.hadoop.hive.metastore.") for one in chain):
        return None
    if each.type != "org.postgresql.util.PSQLException":
        return None
    if each.text.startswith(("Connection to catalog:5432 refused", "The connection attempt failed")):
        return NO_CATALOG
    if state := re.match("FATAL: the database system is (starting up|shutting down|in recovery mode)", each.text):
        return CATALOG_STARTS, {"state": state[1]}
    if re.match("FATAL: (sorry, too many clients already|remaining connection slots are reserved)", each.text):
        return CATALOG_TAKEN


def own_disk(each, _, facts):
    missing = None
    if each.where == FUNCTION and each.type == "FileNotFoundError":
        missing = re.search(r"No such file or directory: '(/[^']*)'", each.text)
    elif each.where == EXECUTOR and each.type.endswith("FileNotFoundException"):
        missing = re.search(r"^File file:/*(/.+?) does not exist", each.text)
    if missing and facts.has_file(missing[1]) and not _is_shared(missing[1]):
        return OWN_DISK, {"path": missing[1]}


def other_image(each, *_):
    is_of_files = each.type.rpartition(".")[2] in ("OSError", "FileNotFoundError", "PermissionError")
    if (is_of_files or each.text.startswith("[PATH_NOT_FOUND]")) and re.search(r"/home/jovyan(?![\w-])", each.text):
        return OTHER_IMAGE


def read_only(each, *_):
    found = re.match(r"\[Errno 30\] Read-only file system: (?:'.*' -> )?'(/[^']*)'$", each.text)
    if found and each.where in (NOTEBOOK, FUNCTION) and not any(_is_below(found[1], folder) for folder in (SHARED, "/proc", "/sys")):
        return READ_ONLY, {"path": found[1]}


def own_module(each, _, facts):
    missing = re.match(r"No module named '([\w.]+)'", each.text)
    if missing and each.where == FUNCTION and each.type == "ModuleNotFoundError":
        file = facts.module_file(missing[1])
        if file is not None and not _is_shared(file):
            return OWN_MODULE, {"module": missing[1], "file": file}


def not_defined(each, *_):
    missing = re.match(r"name '(spark|sc|sqlContext|dbutils)' is not defined", each.text)
    if missing and each.where == NOTEBOOK and each.type == "builtins.NameError":
        return OF_DATABRICKS if missing[1] == "dbutils" else (NO_SESSION_YET, {"name": missing[1]})


def this_container(each, *_):
    if "py4j" in each.type or "grpc" in each.type or _is_of_socket(each):  # the driver's Java, and Spark Connect
        return None
    socket = re.search(r"TextSocketV2\[host: (localhost|127\.0\.0\.1),", each.text)
    if socket and "Connection refused" in each.text:
        return THIS_CONTAINER, {"host": socket[1]}
    for line in re.sub(r"Call From \S+ to", "", each.text).splitlines():
        host = re.search(r"(?<![\w.-])(localhost|127\.0\.0\.1)(?![\w.-])", line)
        if host and re.search("[Rr]efused|Cannot assign requested address", line):
            return THIS_CONTAINER, {"host": host[1]}


def example_data(each, _, facts):
    missing = re.search(r"[Pp]ath does not exist: file:/*/\S*?((?:data|examples/src/main)/[\w./-]*\w)", each.text)
    if missing and each.where == DRIVER and facts.has_file(f"/opt/spark/{missing[1]}"):
        return EXAMPLE_DATA, {"path": missing[1]}


def refused_write(each, chain, _):
    """Repeats the message of the cluster's file system if it is far down in the error."""
    if each in chain[2:] and _raised_by(each, "org.apache.spark.sharedwrites.WritePlaces"):
        return "{text}", {"text": each.text}


# The first rule that matches explains the error.
RULES = (
    java_ended,
    java_did_not_start,
    no_master,
    full_disk,
    results_too_large,
    python_memory,
    python_ended,
    executor_heap,
    comet_memory,
    executor_ended,
    executor_lost,
    driver_heap,
    application_ended,
    stopped,
    table_of_before,
    no_catalog,
    own_disk,
    other_image,
    read_only,
    own_module,
    not_defined,
    columns.of_pyspark,
    additions.python_package,
    additions.library,
    additions.data_source,
    additions.s3_client,
    additions.database_driver,
    this_container,
    example_data,
    deep,
    refused_write,
)


def _raised_by(throwable, *beginnings):
    """Whether one of the first frames is in these packages or classes."""
    return any(frame.startswith(beginnings) for frame in throwable.frames[:10])


def _is_of_socket(throwable):
    """Whether PySpark could not fetch results from the driver's Java."""
    return throwable.text.startswith("[CANNOT_OPEN_SOCKET]")


def _is_heap(throwable):
    kind = throwable.type.rpartition(".")[2]
    is_heap = throwable.text.startswith(("Java heap space", "GC overhead limit"))
    return kind == "SparkOutOfMemoryError" or kind == "OutOfMemoryError" and is_heap


def _exit_code(throwable):
    code = re.search(r"Reason: Command exited with code (\d+)", throwable.text)
    return int(code[1]) if code and throwable.type == "ExecutorLostFailure" else None


def _path_in(text):
    paths = re.findall(r"(?:^|[\s'(])(?:file:/*)?(/[\w./-]+)", text)
    return paths[-1] if paths else None


def _written_path(chain):
    """The folder that a task was writing to."""
    for each in chain:
        written = re.match(r"\[TASK_WRITE_FAILED\] Task failed while writing rows to file:/*(/[^\s]+)", each.text)
        if written:
            return written[1]
    return None


def _is_shared(path):
    """Whether a path has the same content in all containers."""
    return any(_is_below(path, folder) for folder in (SHARED, "/opt", "/usr"))


def _is_below(path, folder):
    return path == folder or path.startswith(f"{folder}/")


def filled(words, values, facts):
    """Replaces {key} by a value of the error or of the session, and {key!} by what doubles it."""

    def value(match):
        return str(values[match[1]]) if match[1] in values else _setting(match[1], match[2], facts)

    return re.sub(r"\{(\w+)(!?)\}", value, words)


def _setting(key, command, facts):
    name = SETTINGS[key]
    value = facts.settings.get(name, "")
    if name in facts.own:
        return f"raise {name}, which this session sets itself" if command else f"{value} in this session"
    if command:
        return f"pulumi config set {key} {doubled(value)}, then make up"
    return value or "as configured"


def doubled(size):
    """Twice a size as Spark writes it; 2g for anything else."""
    match = re.fullmatch(r"(\d+)([mg])", size)
    if not match:
        return "2g"
    mebibytes = int(match[1]) * (1024 if match[2] == "g" else 1) * 2
    return f"{mebibytes // 1024}g" if mebibytes % 1024 == 0 else f"{mebibytes}m"
