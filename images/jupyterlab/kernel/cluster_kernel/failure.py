"""Reads an error of a cell: the chain of its causes in Python, in Java, and in the tasks of executors."""

import re
from typing import NamedTuple

# Where an error was raised: the notebook's Python, its driver's Java, Spark Connect's server, an executor's Java, an executor's Python.
NOTEBOOK, DRIVER, SERVER, EXECUTOR, FUNCTION = "notebook", "driver", "server", "executor", "function"

TRACEBACK = "Traceback (most recent call last):"
HEADER = re.compile(r"\(?((?:[a-z_]\w*\.)+[A-Z][\w$.]*)\)?(?:$|: | )(.*)", re.DOTALL)
FRAME = re.compile(r"\s+at (?:[\w.]+/)?([\w.$]+)(?:/0x\w+)?\.[^.(]+\(")  # java.base/java.util.Arrays.copyOf(
LOST_TASK = re.compile(r"Lost task [\d.]+ in stage [\d.]+ \(TID \d+\) \(.*? executor \S+?\): (.*)", re.DOTALL)
MOST_RECENT = "Most recent failure reason:"
PYTHON_LINK = re.compile(r"\n\n(?:During handling of the above|The above exception was).*?\n\n")
PYTHON_FRAME = re.compile(r'  File "([^"]*)", line \d+, in (.*)')
PYTHON_HEADER = re.compile(r"([A-Za-z_][\w.]*)(?:$|: )(.*)", re.DOTALL)


class Throwable(NamedTuple):
    where: str
    type: str
    text: str
    frames: list  # Java's classes, or Python's "module or file in function"; the one that raised it comes first


def links(error):
    """An error and its causes, as far as its traceback shows them, as plain values. Calls Java, which may be gone."""
    found, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        java = _java_text(error)
        found.append(
            {
                "type": f"{type(error).__module__}.{type(error).__qualname__}",
                "text": "" if java else _text(error),
                "modules": _modules(error),
                "java": java,
            }
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def chain(links):
    """All throwables of an error's links, from the error that the cell shows to the first cause."""
    found = []
    for link in links:
        found.append(Throwable(NOTEBOOK, link["type"], link["text"], link["modules"]))
        if link["java"]:
            found += _java(link["java"], DRIVER)
        elif ".connect." in link["type"]:
            found += _java(f"{link['type']}: {link['text']}", SERVER)
        elif link["type"].endswith(".PythonException"):  # in Spark 3.5 it has no stack trace of Java's
            found += _python(Throwable(EXECUTOR, link["type"], link["text"], []))
    return found


def _java_text(error):
    """Java's stack trace in an error of py4j or pyspark."""
    if hasattr(error, "java_exception"):
        return _text(error).partition("\n: ")[2]
    return getattr(error, "_stackTrace", "") or ""


def _text(error):
    try:
        return str(error)
    except Exception:
        return ""


def _modules(error):
    modules, trace = [], error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        modules.insert(0, f"{frame.f_globals.get('__name__', '')} in {frame.f_code.co_name}")
        trace = trace.tb_next
    return modules


def _java(text, where):
    """The throwables of a stack trace that Java has printed, with those that Spark quotes from a failed task."""
    found = []

    def begin(place, line):
        header = HEADER.match(line)
        kind, message = header.groups() if header else ("", line)
        if message.startswith("Job aborted due to stage failure"):
            place = where  # also as the cause of a streaming query's failure, which quotes the same task earlier
        lost = LOST_TASK.search(message)
        if lost and TRACEBACK not in message[: lost.start()]:
            found.append(Throwable(place, kind, message[: lost.start()], []))
            # "java.lang.OutOfMemoryError: ...", or a reason of Spark's: "ExecutorLostFailure (executor 1 exited ...) Reason: ..."
            if HEADER.match(lost[1]):
                begin(EXECUTOR, lost[1])
            else:
                reason, _, rest = lost[1].partition(" ")
                found.append(Throwable(EXECUTOR, reason, rest, []))
        else:
            found.append(Throwable(place, kind, message, []))

    current = None  # index in `found` of the throwable that lines belong to
    for line in text.splitlines():
        if line.startswith("\t\t"):
            continue  # belongs to a suppressed exception
        frame = FRAME.match(line)
        in_python = current is not None and TRACEBACK in found[current].text and not found[current].frames
        if current is None:
            begin(where, line)
            current = len(found) - 1
        elif frame:
            found[current].frames.append(frame[1])
        elif in_python:
            found[current] = _longer(found[current], line)
        elif line.startswith("Caused by: "):
            in_task = any(throwable.where == EXECUTOR for throwable in found)
            begin(EXECUTOR if in_task else where, line.removeprefix("Caused by: "))
            current = len(found) - 1
        elif line == "Driver stacktrace:":
            current = 0
        elif found[current].text.endswith(MOST_RECENT):
            begin(EXECUTOR, line)
            current = len(found) - 1
        elif not line.startswith(("\t... ", "\tSuppressed: ")):
            found[current] = _longer(found[current], line)
    return [each for throwable in _placed(found) for each in (throwable, *_python(throwable))]


def _placed(found):
    """Spark rethrows some throwables of a task unchanged in the driver. Assigns these and their causes to the executor."""
    in_task = False
    for throwable in found:
        in_task = in_task or "org.apache.spark.executor.Executor$TaskRunner" in throwable.frames
        yield throwable._replace(where=EXECUTOR) if in_task else throwable


def _longer(throwable, line):
    return throwable._replace(text=f"{throwable.text}\n{line}")


def _python(throwable):
    """The exceptions in a traceback of an executor's Python, the last one first."""
    text = throwable.text.partition(TRACEBACK)[2]
    if not text or throwable.where in (NOTEBOOK, DRIVER):
        return
    for part in reversed(PYTHON_LINK.split(text)):
        lines = part.removeprefix(TRACEBACK).strip("\n").splitlines()
        raised = max((number for number, line in enumerate(lines) if line.startswith("  File ")), default=-1) + 1
        while raised < len(lines) and lines[raised].startswith(" "):
            raised += 1
        header = PYTHON_HEADER.match("\n".join(lines[raised:]))
        if header:
            yield Throwable(FUNCTION, *header.groups(), [PYTHON_FRAME.sub(r"\1 in \2", line) for line in reversed(lines) if PYTHON_FRAME.match(line)])
