"""Says why a session runs without Comet, on a cluster that has it. Comet itself says so in several lines for each query."""

import pathlib
import threading

LIBRARY = pathlib.Path("/usr/lib/jni/libcomet.so")
PLUGIN = "org.apache.spark.CometPlugin"
SHUFFLE = "org.apache.spark.sql.comet.execution.shuffle.CometShuffleManager"


def is_off(settings):
    """Whether Comet is off on purpose, or because the session is not on the cluster."""
    return settings.get("spark.comet.enabled") == "false" or settings.get("spark.master", "").startswith("local")


def obstacle(settings):
    """The setting of a session, and the value that Comet needs; None if all have it, or if Comet is not expected."""
    if is_off(settings):
        return None
    needed = {"spark.plugins": PLUGIN, "spark.memory.offHeap.enabled": "true"}
    if settings.get("spark.comet.shuffle.enabled") != "false":
        needed["spark.shuffle.manager"] = SHUFFLE
    for name, value in needed.items():
        given = settings.get(name, "")
        if value not in given.split(","):
            return f"{name}={given}, and Comet needs {value}"
    return None


def check(jvm, settings_of_session, say):
    """Says what keeps Comet out of a session. If nothing does, it loads the library while the executors start."""
    if not LIBRARY.exists():
        return
    settings = settings_of_session()
    reason = obstacle(settings)
    if reason:
        say(f"This session runs without Comet: {reason}.")
    elif not is_off(settings):
        threading.Thread(target=load_library, args=(jvm, say), daemon=True).start()


def load_library(jvm, say):
    try:
        jvm.org.apache.comet.NativeBase.isLoaded()
    except Exception as error:
        cause = getattr(error, "java_exception", error)
        say(f"This session runs without Comet: {str(cause).splitlines()[0]}")
