import logging
import os
import subprocess
import sys
import threading
import types
import unittest
from unittest import mock

from spark_cluster import driver, errors, forks, pages


class Forks(unittest.TestCase):
    def test_a_fork_keeps_the_connections_of_other_threads_and_closes_its_own(self):
        closed, write = os.pipe()
        os.set_blocking(closed, False)

        class Connection:
            def __init__(self, name):
                self.name = name

            def __del__(self):
                os.write(write, self.name)

        forks.load(Connection)
        local, opened, end = threading.local(), threading.Event(), threading.Event()

        def work():
            local.connection = Connection(b"parent ")
            opened.set()
            end.wait()

        thread = threading.Thread(target=work)
        thread.start()
        opened.wait()
        child = os.fork()  # drops the thread's local
        if child == 0:
            Connection(b"child ")
            os._exit(0)
        os.waitpid(child, 0)
        self.assertEqual(b"child ", os.read(closed, 100))
        end.set()
        thread.join()
        self.assertEqual(b"parent ", os.read(closed, 100))


class Errors(unittest.TestCase):
    def test_pyspark_does_not_log_what_it_raises_and_a_program_still_can(self):
        class Logger(logging.Logger):
            @staticmethod
            def getLogger(name):
                logging.setLoggerClass(Logger)
                logger = logging.getLogger(name)
                logging.setLoggerClass(logging.Logger)
                return logger

            def __init__(self, name):
                super().__init__(name)
                self.addHandler(logging.Handler())

        mine = logging.getLogger("SQLQueryContextLogger")
        kept = logging.Handler()
        mine.addHandler(kept)
        self.addCleanup(mine.removeHandler, kept)
        errors.load(Logger)
        logger = logging.getLogger("DataFrameQueryContextLogger")
        logger.propagate = False
        with mock.patch.object(logging.Handler, "emit") as emit, mock.patch.object(logging, "lastResort") as last:
            logger.error("nope")
            self.assertEqual(([], []), (emit.mock_calls, last.mock_calls))
            logger.addHandler(logging.Handler())
            logger.error("nope")
            emit.assert_called_once()
        self.assertEqual([kept], mine.handlers)


class Pages(unittest.TestCase):
    def test_a_session_names_the_page_that_a_browser_reaches_if_there_is_one(self):
        def address(proxy="http://localhost:8080/", master="spark://spark-master:7077", no_page=False):
            scheduler = types.SimpleNamespace(
                conf=lambda: {"spark.ui.reverseProxyUrl": proxy} if proxy else {},
                master=lambda: master,
                ui=lambda: types.SimpleNamespace(isEmpty=lambda: no_page),
                applicationId=lambda: "app-1",
            )

            class SparkContext:
                _jsc = types.SimpleNamespace(sc=lambda: scheduler)
                uiWebUrl = property(lambda this: "http://jupyterlab:4040")

            pages.load(types.SimpleNamespace(SparkContext=SparkContext))
            return SparkContext().uiWebUrl

        self.assertEqual("http://localhost:8080/proxy/app-1", address())
        for other in ({"proxy": ""}, {"master": "local[2]"}, {"no_page": True}):
            self.assertEqual("http://jupyterlab:4040", address(**other))


class Input(unittest.TestCase):
    def test_it_ends_for_a_script_that_java_has_started_and_stays_for_other_programs(self):
        code = "import sys; from spark_cluster import driver; driver.parent = lambda: sys.argv[1]; driver.leave_input(); print(sys.stdin.read())"

        def read(parent, **variables):
            command = [sys.executable, "-c", code, parent]
            environment = {name: value for name, value in os.environ.items() if name != "PYSPARK_GATEWAY_PORT"}
            return subprocess.run(command, env={**environment, **variables}, input="text", capture_output=True, text=True, check=True).stdout

        self.assertEqual("\n", read("java", PYSPARK_GATEWAY_PORT="1"))
        self.assertEqual("text\n", read("python3", PYSPARK_GATEWAY_PORT="1"))
        self.assertEqual("text\n", read("java"))
        with open("/proc/self/comm") as own, mock.patch("os.getppid", os.getpid):
            self.assertEqual(own.read().strip(), driver.parent())
