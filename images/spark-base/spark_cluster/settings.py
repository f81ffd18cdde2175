"""Checks which settings of a session work on this cluster, and words the remarks on the others. Pure functions."""

import contextlib
import difflib
import re

MASTER = "spark://spark-master:7077"

ONE_PYTHON = "driver and executors run the notebook's Python. %pip install adds packages to both"

# (names, reason): settings that Spark ignores here.
WITHOUT_EFFECT = [
    (
        r"spark\.executor\.(memoryOverhead|memoryOverheadFactor|minMemoryOverhead)",
        "a standalone cluster does not reserve it. The config key pythonMemory bounds Python in executors",
    ),
    (
        r"spark\.driver\.(memoryOverhead|memoryOverheadFactor|minMemoryOverhead|cores|supervise)",
        "the driver runs in JupyterLab's container. spark.driver.memory sets its heap",
    ),
    (
        r"spark\.(yarn|kubernetes|mesos)\..*",
        "this is a standalone cluster. spark.executor.memory, spark.executor.cores and spark.executor.instances size a session",
    ),
    (r"spark\.local\.dir", "the cluster sets the folders of shuffle files"),
    (r"spark\.pyspark\.(driver\.)?python", ONE_PYTHON),
    (
        r"spark\.(deploy|worker|history|master)\..*",
        "it is read when the cluster starts, not by sessions",
    ),
]

# (names, values, reason): settings with which a session would not start, or never get an executor. They are left out.
HARMFUL = [
    (r"spark\.submit\.deployMode", "cluster", "the driver runs in JupyterLab's container"),
    (r"spark\.shuffle\.service\.enabled", "true", "workers have no external shuffle service. Dynamic allocation works without it"),
    (r"spark\.(driver|executor|task)\.resource\..*", ".*", "workers offer no such resource, and the session would wait forever"),
]

# Settings that tell executors where the driver is.
OF_ADDRESS = ("spark.driver.host", "spark.driver.bindAddress")

# A setting on the left has an effect only if the one on the right is true.
NEEDS = [
    (r"spark\.dynamicAllocation\.(?!enabled$).*", "spark.dynamicAllocation.enabled"),
    (r"spark\.memory\.offHeap\.size", "spark.memory.offHeap.enabled"),
    (r"spark\.speculation\..*", "spark.speculation"),
]

# Settings that are read only when Java starts.
OF_JAVA = re.compile(
    r"spark\.driver\.(memory|defaultJavaOptions|extraJavaOptions|extraClassPath|extraLibraryPath|userClassPathFirst)"
    r"|spark\.jars(\.(packages|excludes|repositories|ivy|ivySettings))?"
)

# Names that Spark's JVM does not list: those of other components, and old names, which it translates.
UNLISTED = re.compile(
    r"spark\.(hadoop|hive|executorEnv|sql\.catalog|ssl|yarn|kubernetes|mesos|jars|app|rpc|shuffle\.io|files\.io)\..*"
    r"|.*\.(kb|mb|block\.size|eventqueue\.size|updateInterval)"
)


class Settings:
    """The settings of one session before its start.

    given: the user's settings; cluster: those of spark-defaults.conf. workers() returns the master's workers, None if the master
    does not respond; is_own(host) returns whether a host name leads to this container. java_runs: Spark's JVM is already running.
    scala: the version of Scala for which Spark is built. room: the memory of this container in MiB, None for no limit. options: the
    given settings with which Java starts, or was started. remote: the session is that of PySpark's own Spark Connect server, on which
    off_cluster has remarked.
    """

    def __init__(self, given, cluster, workers, is_own, java_runs=False, script=False, *, scala="2.13", room=None, options=None, remote=False):
        self.given = {name: value for name, value in given.items() if cluster.get(name) != value}
        self.cluster, self._workers, self._is_own = cluster, workers, is_own
        self._java_runs, self._script = java_runs, script
        self._scala, self._room, self._options, self._remote = scala, room, options or {}, remote
        # Values that replace given ones; None restores the cluster's value.
        self.changes = {}
        self.remarks = []

    def check(self):
        master = self.given.get("spark.master")
        is_local = master is not None and master.startswith("local")
        if master is not None and not (is_local and self._remote):
            self.remarks.append(elsewhere(master))
        if is_local:
            if OFF_HEAP_TOO in self.cluster and OFF_HEAP_TOO not in self.given:
                self.changes[OFF_HEAP_TOO] = "false"  # JupyterLab's container has no memory for it
        else:
            self._leave_out()
            self._without_effect()
            self._off_heap()
            self._size()
        self._extensions()
        self._need_new_java()
        self._other_scala()
        self._driver_heap()
        return self

    def _matching(self, pattern):
        return [name for name in self.given if re.fullmatch(pattern, name)]

    def _shown(self, name):
        return f"{name}={self.given[name]}"

    def _leave_out(self):
        for pattern, value, reason in HARMFUL:
            names = [name for name in self._matching(pattern) if re.fullmatch(value, self.given[name])]
            if names:
                self.remarks.append(f"{', '.join(map(self._shown, names))} {_is(names)} left out: {reason}.")
                self.changes.update(dict.fromkeys(names))
        for name in OF_ADDRESS:
            host = self.given.get(name)
            if host is not None and not (host == "0.0.0.0" and name == "spark.driver.bindAddress") and not self._is_own(host):
                self.remarks.append(
                    f"{self._shown(name)} is left out: executors could not reach the driver there. The cluster sets "
                    f"{self.cluster.get(name, 'it')}."
                )
                self.changes[name] = None

    def _without_effect(self):
        for pattern, reason in WITHOUT_EFFECT:
            names = self._matching(pattern)
            if names:
                self.remarks.append(f"{', '.join(names)} {_has(names)} no effect: {reason}.")
        for pattern, needed in NEEDS:
            names = self._matching(pattern)
            if names and self._effective(needed, "false") != "true":
                self.remarks.append(f"{', '.join(names)} {_has(names)} no effect without {needed}=true.")
        folder = self.given.get("spark.sql.warehouse.dir")
        if folder is not None and self.cluster.get("spark.sql.catalogImplementation") == "hive":
            self.remarks.append(
                f"spark.sql.warehouse.dir={folder}: only databases that this session creates are there. The shared catalog's database default "
                f'is at {self.cluster.get("spark.sql.warehouse.dir")}. For a table elsewhere: df.write.option("path", ...).saveAsTable(...)'
            )
        folder = self.given.get("spark.eventLog.dir")
        if folder is not None and "spark.eventLog.dir" in self.cluster:
            self.remarks.append(
                f"spark.eventLog.dir={folder}: the history server does not show this session, because it reads "
                f"{self.cluster['spark.eventLog.dir']}."
            )

    def _off_heap(self):
        """Reports off-heap memory for which the workers' containers have no room."""
        if OFF_HEAP not in self.given or self._effective(OFF_HEAP_TOO, "false") != "true":
            return
        reserved = mebibytes(self.cluster[OFF_HEAP]) if OFF_HEAP in self.cluster else 0
        with contextlib.suppress(ValueError):  # Spark rejects the value itself
            if mebibytes(self.given[OFF_HEAP], plain=1 / MEBIBYTE) > reserved:
                self.remarks.append(
                    f"{self._shown(OFF_HEAP)}: the cluster reserves {reserved}m for each executor, and one that takes more may be killed. The "
                    "config key is offHeapMemory."
                )

    def _effective(self, name, default):
        return self.given.get(name, self.cluster.get(name, default))

    def _size(self):
        """Checks number and size of the executors, if a setting differs from the cluster's."""
        names = [name for name in SIZES if name in self.given]
        if not names:
            return
        try:
            self._check_heap()
            self._check_size(names)
        except (ValueError, ZeroDivisionError):
            pass  # Spark rejects the value itself

    def _check_heap(self):
        """Raises a heap that Spark accepts, but in which its executors would fail at their start, again and again."""
        is_serial = "NeverActAsServerClassMachine" in self.cluster.get("spark.executor.defaultJavaOptions", "")
        if is_serial and MEMORY in self.given and SMALLEST <= mebibytes(self.given[MEMORY]) < SMALLEST_USABLE:
            self.changes[MEMORY] = f"{SMALLEST_USABLE}m"
            self.remarks.append(f"{self._shown(MEMORY)}: an executor needs {SMALLEST_USABLE}m to start, and gets that.")

    def _check_size(self, names):
        cores, share = int(self._effective("spark.executor.cores", "1")), self._share()
        memory, default_memory = (mebibytes(each) for each in (self.changes.get(MEMORY, self._effective(MEMORY, "1g")), self.cluster.get(MEMORY, "1g")))
        default_cores = int(self.cluster.get("spark.executor.cores", "1"))
        if INSTANCES in self.given and self._effective("spark.dynamicAllocation.enabled", "false") != "true":
            if "spark.cores.max" in self.given:
                self.remarks.append(f"{INSTANCES} has no effect next to spark.cores.max={self.given['spark.cores.max']}.")
            else:
                self.changes["spark.cores.max"] = str(int(self.given[INSTANCES]) * cores)
        elif cores > default_cores and "spark.cores.max" not in self.given and share is not None:
            # Still one executor on each worker.
            self.changes["spark.cores.max"] = str(share // default_cores * cores)
        wanted = int(self.changes.get("spark.cores.max", self._effective("spark.cores.max", "0")))
        if wanted <= (share or 0) and cores <= default_cores and memory <= default_memory:
            return
        workers = self._workers()
        if not workers:
            return  # the waiting cell reports it
        shown = ", ".join(map(self._shown, names))
        room = sum(executors(worker, cores, memory) for worker in workers)
        total = sum(worker["cores"] for worker in workers)
        share = share or len(workers) * default_cores
        if room == 0:
            largest = max(workers, key=lambda worker: (worker["memory"], worker["cores"]))
            self.remarks.append(
                f"{shown}: no worker can hold an executor of {count(cores, 'core')} and {memory}m, and the session would wait forever. "
                f"The largest has {count(largest['cores'], 'core')} and {largest['memory']}m; workerCores and workerMemory are its "
                "config keys."
            )
        elif INSTANCES in names and wanted > room * cores:
            self.remarks.append(
                f"{shown}: the cluster has room for {count(room, 'executor')} of {count(cores, 'core')} and {memory}m. Other notebooks "
                "wait until this session ends."
            )
        elif min(wanted, room * cores) > share:
            self.remarks.append(
                f"{shown}: this session takes up to {min(wanted, room * cores)} of the cluster's {count(total, 'core')}, and other "
                f"notebooks may have to wait until it ends. A session's share is {share}."
            )
        elif any((worker["memory"] - memory) // default_memory < worker["memory"] // default_memory - 1 for worker in workers):
            self.remarks.append(
                f"{shown}: each executor takes the memory of several, and other notebooks may have to wait until this session ends. A "
                f"session's share is {default_memory}m on each worker."
            )
        elif wanted > total:
            self.remarks.append(f"{shown}: the cluster has {count(total, 'core')}.")

    def _extensions(self):
        """Keeps the cluster's extensions of SQL, without which its tables lose MERGE and their own DDL."""
        if EXTENSIONS in self.given and EXTENSIONS in self.cluster:
            names = [*self.cluster[EXTENSIONS].split(","), *self.given[EXTENSIONS].split(",")]
            self.changes[EXTENSIONS] = ",".join(dict.fromkeys(name.strip() for name in names))

    def _is_late(self, name):
        """Whether Java was started without this setting of its start."""
        return self._java_runs and _parts(self._options.get(name, "")) != _parts(self.given[name])

    def _other_scala(self):
        names = [name for name in ("spark.jars.packages", "spark.jars") if name in self.given and not self._is_late(name)]
        for name in names[:1] if self._script else names:  # spark-submit has put the jars of packages into spark.jars
            jars = [jar.strip() for jar in self.given[name].split(",")]
            others = {jar: found[1] for jar in jars if (found := SCALA.search(jar)) and found[1] != self._scala}
            for jar, scala in others.items():
                self.remarks.append(
                    f"{name}: {jar} is for Scala {scala}. This Spark has Scala {self._scala}, and cannot load its classes: take the one "
                    f"for _{self._scala} and this version of Spark."
                )

    def _driver_heap(self):
        with contextlib.suppress(ValueError):  # Spark rejects the value itself
            is_read = DRIVER_MEMORY in self.given and not self._is_late(DRIVER_MEMORY)
            if is_read and self._room is not None and mebibytes(self.given[DRIVER_MEMORY]) >= self._room:
                self.remarks.append(
                    f"{self._shown(DRIVER_MEMORY)}: JupyterLab's container has {self._room}m for all notebooks, and a driver that takes more "
                    "is killed. The config key driverMemory makes room."
                )

    def _share(self):
        share = self.cluster.get("spark.cores.max")
        return None if share is None else int(share)

    def _need_new_java(self):
        names = [name for name in self.given if OF_JAVA.fullmatch(name) and self._is_late(name)]
        if names:
            options = " ".join(f"--conf {name}=..." for name in names)  # a value may be a secret
            what = (
                f'a script\'s Java starts before the script. Submit it with make submit APP=... OPTIONS="{options}", or set driverMemory, '
                "sparkProperties or extraJars for all sessions of the stack"
                if self._script
                else "this kernel's Java has started already. Restart the kernel, and set it in the first session"
            )
            self.remarks.append(f"{', '.join(names)} {_has(names)} no effect: {what}.")


OFF_HEAP, OFF_HEAP_TOO = "spark.memory.offHeap.size", "spark.memory.offHeap.enabled"
MEBIBYTE = 1024 * 1024
INSTANCES = "spark.executor.instances"
DRIVER_MEMORY = "spark.driver.memory"
EXTENSIONS = "spark.sql.extensions"
# The Scala version in the name of a jar: kafka_2.12, and graphframes:0.8.3-spark3.5-s_2.12.
SCALA = re.compile(r"_(2\.1[1-3])(?=[:-]|\.jar|$)")
MEMORY = "spark.executor.memory"
# MiB. Spark needs 450 of a heap, and Java's serial collector, which the cluster sets, does not count all of it.
SMALLEST, SMALLEST_USABLE = 450, 480
SIZES = (INSTANCES, "spark.cores.max", "spark.executor.cores", MEMORY)


def elsewhere(master):
    if master.startswith("local"):
        return f"spark.master={master}: this session runs in JupyterLab's container alone. Without it, it runs on the cluster."
    return f"spark.master={master} is not this cluster's master. Leave it out, or use {MASTER}."


def is_left_out(name):
    return name in OF_ADDRESS or any(re.fullmatch(pattern, name) for pattern, _, _ in HARMFUL)


def off_cluster(options):
    """The remark on options with which PySpark starts its own Spark Connect server instead of a session on the cluster."""
    if str(options.get("spark.remote")).startswith("local"):
        name = "spark.remote"
    elif options.get("spark.api.mode") == "connect" and not {"spark.master", "spark.remote"} & options.keys():
        name = "spark.api.mode"
    else:
        return []
    return [f"{name}={options[name]}: this session runs in JupyterLab's container alone. Without {name} it runs on the cluster."]


def scala_of(spark):
    """The version of Scala for which a version of Spark on PyPI is built."""
    return "2.12" if spark.startswith("3.") else "2.13"


def executors(worker, cores, memory):
    """How many executors of this size a worker can hold."""
    return min(worker["cores"] // cores, worker["memory"] // memory)


def mebibytes(size, plain=1):
    """MiB of a size as Spark writes it. plain: the MiB that 1 stands for without a unit."""
    match = re.fullmatch(r"(\d+)([kmgt]?)b?", size.strip().lower())
    if not match:
        raise ValueError(size)
    return max(1, int(int(match[1]) * {"k": 1 / 1024, "": plain, "m": 1, "g": 1024, "t": 1024**2}[match[2]]))


def running(given, refused):
    """The remark on settings for a running session. refused: the names that cannot be changed any more."""
    names = [name for name in given if name in refused]
    if not names:
        return []
    return [f"{', '.join(names)} {_has(names)} no effect on the session that runs already. For a new one, call spark.stop() first."]


def misspelt(names, known):
    """A remark on each name that is not a setting of Spark but similar to one."""
    remarks = []
    for name in names:
        if name in known or UNLISTED.fullmatch(name):
            continue
        if f"spark.{name}" in known:
            nearest = f"spark.{name}"
        elif name.startswith("spark."):
            nearest = next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.93)), None)
        else:
            continue
        if nearest:
            remarks.append(f"Spark has no setting {name}. Did you mean {nearest}?")
    return remarks


def _parts(value):
    """The parts of a list. spark-submit writes the paths in it as URLs."""
    return {re.sub("^file:/*", "/", part.strip()) for part in value.split(",")}


def count(number, what):
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _is(names):
    return "is" if len(names) == 1 else "are"


def _has(names):
    return "has" if len(names) == 1 else "have"
