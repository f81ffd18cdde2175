import asyncio
import contextlib
import io
import json
import logging
import os
import pathlib
import signal
import sys
import tempfile
import re
import textwrap
import threading
import time
import types
import unittest
from unittest import mock

from cluster_kernel import awaiting, busy, extensions, links, noise, plots, progress, sql, variables
from spark_cluster import imports


class Sql(unittest.TestCase):
    def test_semicolons_part_statements_but_in_quotes_and_comments(self):
        cell = "select ';', \"a;\\\"b\", `c;d` -- e;f\n; /* g;h */ select 2;\n-- nothing more;\n"
        self.assertEqual(
            ["select ';', \"a;\\\"b\", `c;d` -- e;f", "/* g;h */ select 2"],
            sql.statements(cell),
        )
        self.assertEqual(["select 'it''s; fine'"], sql.statements("select 'it''s; fine'"))
        self.assertEqual([], sql.statements(" ;\n; /* nothing; */"))
        self.assertEqual(["select 'open"], sql.statements("select 'open"))

    def test_a_script_is_one_statement(self):
        scripts = (
            "BEGIN END",
            "begin declare s int = 0; select s; end",
            "a: BEGIN\n  b: BEGIN SELECT 'END;'; /* END; */ SELECT `end;`; END b; -- END;\nEND a",
            "BEGIN IF a THEN SELECT 1; ELSEIF b THEN BEGIN SELECT 2; END; ELSE BEGIN SELECT 3; END; END IF; END",
            "BEGIN l: WHILE a DO SELECT 1; END WHILE l; LOOP LEAVE m; END LOOP; REPEAT SET a = 1; UNTIL a END REPEAT; END",
            "BEGIN FOR row AS SELECT 1 AS end DO SELECT row.end; END FOR; SELECT window.end, end FROM t; END",
            "BEGIN CASE a WHEN 1 THEN SELECT CASE WHEN b THEN 1 END; ELSE SELECT 2; END CASE; END",
            "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN SELECT 1; END; SELECT 2; END",
        )
        for script in scripts:
            self.assertEqual(["select 0", script, "select 1"], sql.statements(f"select 0;\n{script};\nselect 1"))
        self.assertEqual(["select begin, end from t", "select case a when 1 then begin end"], sql.statements(
            "select begin, end from t; select case a when 1 then begin end;"
        ))
        self.assertEqual(["BEGIN SELECT 1; SELECT 2"], sql.statements("BEGIN SELECT 1; SELECT 2"))

    def test_a_table_is_escaped_and_says_what_it_leaves_out(self):
        small = sql.table(["<b>"], [("a & b",), (None,)])
        self.assertIn("<th>&lt;b&gt;</th>", small["text/html"])
        self.assertIn("<td>a &amp; b</td></tr><tr><td>NULL</td>", small["text/html"])
        self.assertEqual("<b>\na & b\nNULL", small["text/plain"])
        large = sql.table(["n"], [(n,) for n in range(101)])
        self.assertEqual(100, large["text/html"].count("<td>"))
        self.assertIn("there are more", large["text/html"])
        self.assertNotIn("there are more", small["text/html"])

    def test_a_cell_that_begins_with_one_percent_sign_is_sql_as_a_whole(self):
        for lines, text in (
            (["%sql\n", "select 1\n"], "select 1\n"),
            (["%sql select *\n", "from t\n"], "select *\nfrom t\n"),
            (["%sql select 1\n"], "select 1\n"),
            (["%sql select a\n", "-- all of them\n", "from t\n"], "select a\n-- all of them\nfrom t\n"),
            (["%sql insert into t values\n", "(1, 2),\n", "(3, 4)\n"], "insert into t values\n(1, 2),\n(3, 4)\n"),
            (["%sql\n", "vacuum\n"], "vacuum\n"),
        ):
            self.assertEqual(f"%%sql\n{text}", "".join(sql.whole_cell(lines)))
        python = ["x = 1\n", "df\n", "# later\n", "!ls\n", "x = 1\n!ls\n", "df?\n", "df = %sql select 2\n"]
        for lines in ([], ["%%sql\n", "select 1\n"], ["%sqlcmd\n"], ["x = 1\n", "%sql select 1\n"], *(["%sql use a\n", rest] for rest in python)):
            self.assertEqual(lines, sql.whole_cell(lines, lambda text: re.sub(r"(?m)(!|%sql ).*|\?$", "magic()", text)))

    def test_each_result_is_shown_and_the_last_one_bound(self):
        class Frame:
            def __init__(self, statement):
                self.statement = statement
                self.columns = [] if statement.startswith("create") else ["n"]

            def limit(self, count):
                self.limited = count
                return self

            def collect(self):
                return [(1,)]

        session = types.SimpleNamespace(sql=Frame)
        shown, bound = [], {}
        last = sql.run(session, "top", "create view v; select 1", bound.__setitem__, shown.append)
        self.assertEqual(("select 1", [last], last), (last.statement, shown, bound["top"]))
        self.assertEqual(("n\n1", 101), (sql.table_of(last)["text/plain"], last.limited))
        for name, cell in (("not a name", "select 1"), ("class", "select 1"), ("", " ")):
            with self.assertRaises(ValueError):
                sql.run(session, name, cell, bound.__setitem__, shown.append)


class Page(list):
    """A comm of a page: what the page has heard."""

    def on_close(self, call):
        self.close = call

    send = list.append


class Progress(unittest.TestCase):
    def test_the_listener_fits_the_spark(self):
        self.assertEqual("listener_spark4_2.13.jar", progress.listener_jar(["a.jar", "spark-core_2.13-4.1.4.jar"]))
        self.assertEqual("listener_spark3_2.12.jar", progress.listener_jar(["spark-core_2.12-3.5.9.jar"]))
        self.assertIsNone(progress.listener_jar(["a.jar"]))

    def test_messages_are_put_together_from_pieces(self):
        pieces = [bytes([byte]) for byte in '{"name": "ü"};EOD:{};EOD:'.encode()] + [b""]
        connection = types.SimpleNamespace(recv=lambda _: pieces.pop(0))
        self.assertEqual(['{"name": "ü"}', "{}"], list(progress.messages_of(connection)))

    def test_who_opens_later_learns_of_the_application_and_its_executors_only(self):
        comms, early, late = progress.Comms(), Page(), Page()
        comms.opened(Page(), {"header": {"session": "one page"}})
        comms.opened(early, {"header": {"session": "one page"}})
        comms.begin("old application")
        comms.begin("application")
        comms.send("sparkJobStart", "job")
        comms.send("sparkExecutorAdded", "executor")
        comms.opened(late, {"header": {"session": "another page"}})
        self.assertEqual(["old application", "application", "job", "executor"], [each["msg"] for each in early])
        self.assertEqual(["application", "executor"], [each["msg"] for each in late])
        self.assertEqual({"fromscala"}, {each["msgtype"] for each in early})

    def test_a_page_opens_twice_and_hears_once(self):
        comms, first, second = progress.Comms(), Page(), Page()
        for comm in (first, second):
            comms.opened(comm, {"header": {"session": "a page"}})
        first.close(None)
        comms.send("sparkJobStart", "job")
        self.assertEqual(([], ["job"]), (first, [each["msg"] for each in second]))
        second.close(None)
        comms.send("sparkJobStart", "job")
        self.assertEqual(1, len(second))

    def test_a_cell_is_said_to_be_at_work_once_more_with_its_first_job(self):
        sent = []
        kernel = types.SimpleNamespace(
            ident="k",
            iopub_socket="iopub",
            get_parent=lambda channel: f"the cell on {channel}",
            session=types.SimpleNamespace(send=lambda *args, **rest: sent.append((*args, rest["parent"]))),
        )
        told = busy.Busy(kernel)
        told.heard({"msgtype": "sparkJobStart"})
        told.cell_begins()
        for kind in ("sparkTaskEnd", "sparkJobStart", "sparkJobStart"):
            told.heard({"msgtype": kind})
        self.assertEqual([("iopub", "status", {"execution_state": "busy"}, "the cell on shell")], sent)

    def test_links_lead_to_stages_and_stay_few(self):
        line = links.line_of("http://ui/proxy/app-1", [(job, [2 * job, 2 * job + 1]) for job in range(20)])
        self.assertIn('href="http://ui/proxy/app-1/stages/stage/?id=39&amp;attempt=0"', line["text/html"])
        self.assertIn("12 more", line["text/html"])
        self.assertNotIn("job 11:", line["text/html"])
        self.assertEqual("Spark: http://ui/proxy/app-1/jobs/", line["text/plain"])

    def test_links_are_for_a_page_and_not_for_a_command_in_one_of_its_cells(self):
        name = {"JPY_SESSION_NAME": "/opt/workspace/notebook.ipynb"}
        with mock.patch.dict("os.environ"), mock.patch("pathlib.Path.read_bytes") as of_parent:
            os.environ.pop("JPY_SESSION_NAME", None)
            of_parent.return_value = b"HOME=/home/spark\0"
            self.assertFalse(links.in_page())
            os.environ.update(name)
            self.assertTrue(links.in_page())
            of_parent.return_value = b"HOME=/home/spark\0JPY_SESSION_NAME=/opt/workspace/notebook.ipynb\0"
            self.assertFalse(links.in_page())


class Plots(unittest.TestCase):
    def test_the_pandas_api_plots_with_plotly_where_it_is_installed(self):
        option = types.SimpleNamespace(default="plotly")
        pandas = types.SimpleNamespace(config=types.SimpleNamespace(_options_dict={"plotting.backend": option}))
        for installed, backend in ((True, "plotly"), (None, "matplotlib")):
            with mock.patch("importlib.util.find_spec", return_value=installed):
                plots.plot_without_plotly(pandas)
            self.assertEqual(backend, option.default)


class Extensions(unittest.TestCase):
    def test_a_cell_that_installed_one_says_so_once_unless_jupyterlab_has_it(self):
        with tempfile.TemporaryDirectory() as folder:
            roots = [pathlib.Path(folder, name) for name in ("installed", "jupyterlab")]

            def add(root, name):
                file = root / "share/jupyter/labextensions" / name / "package.json"
                file.parent.mkdir(parents=True)
                file.touch()

            def said():
                with contextlib.redirect_stdout(io.StringIO()) as out:
                    cells.cell_ended()
                return out.getvalue()

            add(roots[0], "old")
            add(roots[1], "jupyterlab-plotly")
            cells = extensions.Extensions(*roots)
            self.assertEqual("", said())
            for name in ("@bokeh/jupyter_bokeh", "anywidget", "jupyterlab-plotly"):
                add(roots[0], name)
            self.assertIn("to see what needs anywidget, jupyter_bokeh.", said())
            self.assertEqual("", said())


class Noise(unittest.TestCase):
    waits = "26/11/28 17:47:17 WARN TaskSchedulerImpl: Initial job has not accepted any resources; check your cluster UI\n"

    def setUp(self):
        self.written = []
        self.stderr = noise.Quiet(self.written.append)

    def test_only_the_known_lines_are_dropped(self):
        self.stderr.write("WARNING: Using incubator modules: jdk.incubator.vector\n")
        self.stderr.write("before\nWARNING: Using incubator modules: x\nWARNING: something else\n")
        self.stderr.write("netlib-blas: JNI_OnLoad: dlopen(libblas.so.3) failed: libblas.so.3: cannot open shared object file: No such file or directory\n")
        self.assertEqual(["before\nWARNING: something else\n"], self.written)

    def test_what_java_wrote_is_kept_for_one_cell_with_the_noise(self):
        self.stderr.write("WARNING: Using incubator modules: x\nunresolved ")
        self.stderr.write("dependency")
        self.assertEqual(["unresolved ", "dependency"], self.written)
        self.assertEqual("WARNING: Using incubator modules: x\nunresolved dependency", self.stderr.heard)
        self.stderr.write("x" * 30_000)
        self.assertEqual("x" * 20_000, self.stderr.heard)
        self.stderr.cell_begins()
        self.assertEqual("", self.stderr.heard)

    def test_a_session_stops_quietly(self):
        error = "26/11/28 21:52:13 ERROR Inbox: Ignoring error\norg.apache.spark.SparkException: "
        self.stderr.write(f"{error}Could not find CoarseGrainedScheduler.\n")
        self.stderr.write(f"{error}Could not find HeartbeatReceiver.\n")
        self.assertEqual([f"{error}Could not find HeartbeatReceiver.\n"], self.written)

    def test_a_batch_that_a_stop_interrupts_is_no_failure_and_another_is(self):
        def logged(error):
            return noise.is_failure(logging.makeLogRecord({"exc_info": error and (type(error), error, None)}))

        class Gone(Exception):
            def __str__(self):
                raise ConnectionRefusedError

        self.assertFalse(logged(RuntimeError("An error occurred while calling o1.count.\n: java.lang.InterruptedException\n\tat x")))
        self.assertFalse(logged(RuntimeError("[SPARK_JOB_CANCELLED] Job 5 cancelled part of cancelled job group 1")))
        deep = "An error\n: org.apache.spark.SparkException: x\n\tat y\nCaused by: java.lang.InterruptedException\n\tat y\nCaused by: java.io.IOException\n\tat y"
        self.assertEqual([True] * 4, [logged(error) for error in (None, ValueError("x"), RuntimeError(deep), Gone())])

    def test_an_interrupt_is_no_failure_of_a_kernel_unless_a_cell_runs(self):
        def logged(text, request):
            kernel = types.SimpleNamespace(get_parent=lambda _: {"header": {"msg_type": request}})
            return noise.is_of_cell(kernel)(logging.makeLogRecord({"msg": text}))

        interrupted = "KeyboardInterrupt caught in kernel."
        self.assertFalse(logged(interrupted, "kernel_info_request"))
        self.assertTrue(logged(interrupted, "execute_request"))
        self.assertTrue(logged("Exception in message handler:", "kernel_info_request"))

    def test_the_wait_for_executors_is_told_once_a_cell(self):
        for text in (self.waits, self.waits, f"before\n{self.waits}after\n"):
            self.stderr.write(text)
        self.stderr.cell_begins()
        self.stderr.write(self.waits)
        self.assertEqual([self.waits, "before\nafter\n", self.waits], self.written)

    def test_the_wait_for_executors_is_not_told_again_once_it_is_explained(self):
        self.stderr.wait_is_explained()
        self.stderr.write(self.waits)
        self.assertEqual([], self.written)


class Variables(unittest.TestCase):
    def test_frames_of_spark_are_listed_as_text_and_others_by_their_shape(self):
        frame = type("DataFrame", (), {"__str__": lambda this: "DataFrame[id: bigint]", "__module__": "pyspark.sql.classic.dataframe"})()
        pandas = type("DataFrame", (), {"shape": (2, 1), "__module__": "pyspark.pandas.frame"})()

        class Magics:
            shell = types.SimpleNamespace(user_ns={"a": frame, "b": pandas, "c": 1, "hidden": frame})

            def who_ls(self, parameter_s):
                return parameter_s.split()

            def whos(self, parameter_s=""):
                values = [self.shell.user_ns[name] for name in self.who_ls(parameter_s)]
                return [(type(value).__name__, value.shape if type(value).__name__ == "DataFrame" else str(value)) for value in values]

        magics = {"whos": Magics().whos}
        shell = types.SimpleNamespace(
            find_line_magic=magics.get, register_magic_function=lambda call, kind, name: magics.update({name: call})
        )
        # IPython's whos prints and returns nothing.
        with mock.patch.object(Magics, "whos", lambda *args, call=Magics.whos: listed.extend(call(*args))):
            magics["whos"], listed = Magics().whos, []
            variables.load(shell)
            magics["whos"]("a b c")
        self.assertEqual([("Spark DataFrame", "DataFrame[id: bigint]"), ("DataFrame", (2, 1)), ("int", "1")], listed)


class Awaiting(unittest.TestCase):
    def interrupted(self, cell, variables):
        """How a cell ends that is interrupted after a moment, and after how many seconds."""

        @contextlib.contextmanager
        def cancel_on_sigint(task):
            loop = asyncio.get_running_loop()
            before = signal.signal(signal.SIGINT, lambda *_: loop.call_soon(task.cancel))  # which wakes no loop
            try:
                yield
            finally:
                signal.signal(signal.SIGINT, before)

        async def kernel():
            task = asyncio.ensure_future(cell())
            with awaiting.ending_at_once(cancel_on_sigint, variables)(task):
                await asyncio.wait([task])
            return task

        begin = time.monotonic()
        interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        interrupt.start()
        try:
            return asyncio.run(kernel()), time.monotonic() - begin
        finally:
            interrupt.join()

    def test_a_cell_that_sleeps_or_works_ends_at_once_and_its_tasks_end_with_it(self):
        names = {"asyncio": asyncio, "time": time, "ended": []}
        exec(
            textwrap.dedent("""
                async def sleeps():
                    await asyncio.sleep(5)

                async def works():
                    await asyncio.sleep(0)
                    try:  # as IPython does
                        time.sleep(5)
                    except KeyboardInterrupt:
                        ended.append("interrupted")

                async def works_and_sleeps():
                    time.sleep(0.5)
                    await asyncio.sleep(5)

                async def gathers():
                    await asyncio.gather(works_and_sleeps(), asyncio.sleep(5))
            """),
            names,
        )
        for name, variables in (("sleeps", names), ("works", names), ("gathers", names), ("works_and_sleeps", {})):
            task, seconds = self.interrupted(names[name], variables)
            self.assertLess(seconds, 3, name)
            self.assertEqual(name != "works", task.cancelled(), name)
        self.assertEqual(["interrupted"], names["ended"])


class Imports(unittest.TestCase):
    def test_is_called_once_the_module_is_there(self):
        called = []
        sys.modules.pop("colorsys", None)
        imports.when_imported("colorsys", called.append)
        import colorsys

        self.assertEqual([colorsys], called)
        imports.when_imported("json", called.append)
        self.assertEqual([colorsys, json], called)
