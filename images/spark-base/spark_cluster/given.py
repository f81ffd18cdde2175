"""Finds the settings that a user gives to a session, and checks them before it starts."""

import contextlib
import functools
import inspect
import ipaddress
import os
import socket

from . import accelerator, defaults, environment, master, memory, settings
from .driver import STARTED_BY_JAVA, say

# Settings that a running session accepts among its SQL settings, without any effect.
OF_CONTEXT = ("spark.hadoop.", "spark.executor.", "spark.executorEnv.", "spark.driver.", "spark.jars", "spark.files", "spark.cores.max")
OF_CONTEXT_TOO = ("spark.master", "spark.app.name", "spark.archives", "spark.plugins")

# What a SparkConf in Java shows instead of a secret.
REDACTED = "*********(redacted)"


def cluster_settings():
    """The cluster's settings of a driver. Their master is that of the script spark-class."""
    try:
        return {"spark.master": settings.MASTER, **defaults.settings_in(defaults.FILE.read_text())}
    except OSError:
        return {}


def is_own(host):
    """Whether a host name leads to this container, also from other containers."""
    try:
        address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4]
        if ipaddress.ip_address(address[0]).is_loopback or ipaddress.ip_address(address[0]).is_unspecified:
            return False
        with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as own:
            own.bind((address[0], 0))
        return True
    except (OSError, ValueError):
        return False


def lines_of(conf):
    """All settings of a SparkConf in Java, in one call."""
    return dict(line.split("=", 1) for line in conf.toDebugString().split("\n") if "=" in line)


def given_by(arguments, pyspark):
    """The settings passed to SparkContext(), without the defaults that a SparkConf in Java has read."""
    conf, given = arguments.get("conf"), {}
    if conf is not None and conf._jconf is not None:
        defaults = lines_of(pyspark.SparkConf())
        given = {name: value for name, value in lines_of(conf).items() if defaults.get(name) != value}
    elif conf is not None:
        given = dict(conf.getAll())
    if arguments.get("master"):
        given["spark.master"] = arguments["master"]
    return given


def options_of(pyspark, cluster, arguments):
    """The options of spark-submit with which Java was started, or is going to be."""
    if STARTED_BY_JAVA:
        pyspark.SparkContext._ensure_initialized(gateway=arguments.get("gateway"))
        of_java = lines_of(pyspark.SparkConf())
        return {name: value for name, value in of_java.items() if value not in (cluster.get(name), REDACTED)}
    options = environment.submitted()
    if options and pyspark.SparkContext._jvm is not None:
        of_java = lines_of(pyspark.SparkConf())
        return {name: value for name, value in options.items() if of_java.get(name) == value}
    return options


def change(arguments, changes, cluster, options, pyspark):
    """Applies changes to the settings of a session; None restores the cluster's value."""
    conf = arguments["conf"] = arguments.get("conf") or pyspark.SparkConf()
    for name, value in changes.items():
        if value is None and conf._jconf is not None:
            conf._jconf.remove(name)
            value = cluster.get(name)
        elif value is None:
            conf._conf.pop(name, None)
            value = cluster.get(name) if name in options else None  # Java reads the cluster's value, unless it has an option
        if value is not None:
            conf.set(name, value)
    left_out = [name for name, value in changes.items() if value is None and name in options]
    if left_out:  # Java has them as properties, which every SparkConf reads
        pyspark.SparkContext._ensure_initialized(gateway=arguments.get("gateway"), conf=conf)
        system = pyspark.SparkContext._jvm.java.lang.System
        for name in left_out:
            system.clearProperty(name)
            if name in cluster:
                system.setProperty(name, cluster[name])


def check(pyspark, arguments):
    """Checks the settings of a session and changes its arguments; returns the names of the settings."""
    environment.restore()
    java_runs = STARTED_BY_JAVA or pyspark.SparkContext._jvm is not None
    cluster = {**environment.of_java(), **cluster_settings()}
    options = options_of(pyspark, cluster, arguments)
    given = {**options, **given_by(arguments, pyspark)}
    if given:
        checked = settings.Settings(
            given,
            cluster,
            master.workers,
            is_own,
            java_runs,
            STARTED_BY_JAVA,
            scala=settings.scala_of(pyspark.__version__),
            room=memory.room(),
            options=options,
            remote="SPARK_LOCAL_REMOTE" in os.environ,  # set by PySpark
        ).check()
        if checked.changes:
            change(arguments, checked.changes, cluster, options, pyspark)
        for remark in checked.remarks:
            say(remark)
    return list(given)


def check_spelling(jvm, names):
    entries = getattr(getattr(jvm, "org.apache.spark.internal.config.ConfigEntry$"), "MODULE$")
    known = entries.knownConfigs().keySet().toString()
    for remark in settings.misspelt(names, set(known.strip("[]").split(", "))):
        say(remark)


def apply_to_running(session, options):
    """Applies settings that can change in a running session, and reports the others. Spark's own warning does not name them."""
    conf, refused = session.sparkContext._conf._jconf, set()
    for name, value in options.items():
        if settings.is_left_out(name):
            continue
        if not name.startswith(OF_CONTEXT) and name not in OF_CONTEXT_TOO:
            try:
                session.conf.set(name, value)
                continue
            except Exception as error:
                if not (getattr(error, "getErrorClass", str)() or "").startswith("CANNOT_MODIFY"):
                    raise
        if conf.get(name, "") != value:
            refused.add(name)
    for remark in settings.running(options, refused):
        say(remark)


def load(pyspark):
    context, builder = pyspark.SparkContext, pyspark.sql.SparkSession.Builder
    init, get_or_create = context.__init__, builder.getOrCreate
    signature = inspect.signature(init)

    @functools.wraps(init)
    def init_checked(this, *args, **kwargs):
        bound = signature.bind(this, *args, **kwargs)
        names = check(pyspark, bound.arguments) if "jsc" not in kwargs else []
        init(*bound.args, **bound.kwargs)
        accelerator.check(this._jvm, lambda: lines_of(this._conf._jconf), say)
        if names:
            with contextlib.suppress(Exception):  # Spark's list of settings is not public; the session works without it
                check_spelling(this._jvm, names)

    @functools.wraps(get_or_create)
    def get_or_create_checked(this):
        session = pyspark.sql.SparkSession._instantiatedSession
        options = {**({"spark.remote": os.environ["SPARK_REMOTE"]} if "SPARK_REMOTE" in os.environ else {}), **this._options}
        runs = session is not None and session._sc._jsc is not None
        if runs and options and not {"spark.remote", "spark.api.mode"} & options.keys():
            apply_to_running(session, options)
            return session
        if not runs:
            for remark in settings.off_cluster(options):
                say(remark)
        return get_or_create(this)

    context.__init__, builder.getOrCreate = init_checked, get_or_create_checked
