import concurrent.futures
import functools
import logging
import signal
import sys
import threading
import types
import unittest
from unittest import mock

from spark_cluster import interrupt, threads

protocol = types.SimpleNamespace(Py4JNetworkError=type("Py4JNetworkError", (Exception,), {}))
py4j = {"py4j": types.SimpleNamespace(), "py4j.protocol": protocol}


class Belongs(unittest.TestCase):
    def test_jobs_of_the_cell_and_what_they_lead_to(self):
        cell = interrupt.Work(began=100, is_cell=True, older_streams=["old run"])
        has = lambda submitted, group=None, goes_on=False: cell.has(submitted, group, 110, goes_on)  # noqa: E731
        self.assertEqual([False, True, True], [has(99), has(100), has(115)])
        self.assertEqual([False, True], [has(105, "old run"), has(105, "new run")])

    def test_jobs_of_a_cell_that_caught_the_interrupt_go_on(self):
        cell = interrupt.Work(began=100, is_cell=True)
        self.assertTrue(cell.has(105, None, 110, True))
        self.assertFalse(cell.has(111, None, 110, True))
        cell.running = False
        self.assertTrue(cell.has(111, None, 110, True))

    def test_without_cells_jobs_until_the_interrupt(self):
        self.assertEqual([True, False], [interrupt.Work().has(submitted, None, 110, False) for submitted in (50, 111)])


class Marks(unittest.TestCase):
    def test_late_jobs_of_a_cell_are_those_with_its_mark(self):
        option = lambda value: types.SimpleNamespace(isDefined=lambda: value is not None, get=lambda: value)  # noqa: E731
        mark_of = {1: "cell", 2: "next cell", 3: None}  # 4 has just ended
        properties = lambda number: types.SimpleNamespace(getProperty={interrupt.MARK: mark_of[number]}.get)  # noqa: E731
        jobs = {number: types.SimpleNamespace(properties=functools.partial(properties, number)) for number in mark_of}
        active = types.SimpleNamespace(get=lambda number: option(jobs.get(number)))
        scheduler = types.SimpleNamespace(
            dagScheduler=lambda: types.SimpleNamespace(jobIdToActiveJob=lambda: active),
            statusTracker=lambda: types.SimpleNamespace(getActiveJobIds=lambda: [1, 2, 3, 4]),
        )
        self.assertEqual([1], list(interrupt.marked_jobs(scheduler, "cell")))

    def test_a_cell_marks_its_jobs_and_tags_none(self):
        scheduler = mock.Mock(spec=["setLocalProperty"])
        context = types.SimpleNamespace(_active_spark_context=types.SimpleNamespace(_jsc=types.SimpleNamespace(sc=lambda: scheduler)))
        interrupts = interrupt.Interrupts(types.SimpleNamespace(SparkContext=context), self.fail)
        with mock.patch.object(interrupts, "install"):
            interrupts.cell_begins()
        scheduler.setLocalProperty.assert_called_once_with(interrupt.MARK, interrupts._work.mark)


class Handler(unittest.TestCase):
    def setUp(self):
        before = signal.getsignal(signal.SIGINT)
        self.addCleanup(signal.signal, signal.SIGINT, before)

    def interrupts(self, client=None):
        context = types.SimpleNamespace(_gateway=client and types.SimpleNamespace(_gateway_client=client))
        return interrupt.Interrupts(types.SimpleNamespace(SparkContext=context), self.fail)

    def test_a_call_whose_connection_py4j_has_closed_ends_as_interrupted(self):
        def send_command(_):
            raise protocol.Py4JNetworkError

        client = types.SimpleNamespace(send_command=send_command)
        interrupts = self.interrupts()
        interrupts._work = interrupts._interrupted = interrupt.Work(is_cell=True)
        with mock.patch.dict(sys.modules, py4j):
            interrupts.guard(client)
        self.assertRaises(KeyboardInterrupt, client.send_command, "c")
        interrupts._work = interrupt.Work(is_cell=True)  # the next cell
        self.assertRaises(protocol.Py4JNetworkError, client.send_command, "c")

    def test_python_is_interrupted_as_before(self):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        interrupts = self.interrupts()
        interrupts._watched = True
        for _ in range(2):
            interrupts.install()
            with self.assertRaises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        self.assertEqual(2, interrupts._signals.qsize())

    def test_a_connection_that_waits_for_an_answer_is_left(self):
        for waiting, left in (((), None), (("it",), "it")):
            own = types.SimpleNamespace(connection="it")
            client = types.SimpleNamespace(deque=waiting, thread_connection=own, get_thread_connection=lambda: "it")
            self.interrupts(client)._leave_connection()
            self.assertEqual(left, own.connection)

    def test_another_thread_sets_no_handler(self):
        before = signal.getsignal(signal.SIGINT)
        thread = threading.Thread(target=self.interrupts().install)
        thread.start()
        thread.join()
        self.assertEqual(before, signal.getsignal(signal.SIGINT))


class ThreadsOfACell(unittest.TestCase):
    def test_a_pool_of_the_interrupted_cell_gets_no_more_answers_and_others_do(self):
        client = types.SimpleNamespace(send_command=lambda command: f"answer to {command}")
        ask = lambda command="c": client.send_command(command)  # noqa: E731
        with concurrent.futures.ThreadPoolExecutor(1) as older, concurrent.futures.ThreadPoolExecutor(1) as pool:
            older.submit(ask).result()
            interrupts = interrupt.Interrupts(None, self.fail)
            of_cell = interrupts.threads
            with mock.patch.dict(sys.modules, py4j):
                for _ in range(2):
                    interrupts.guard(client)
            of_cell.cell_begins()
            self.assertEqual("answer to c", pool.submit(ask).result())
            of_cell.end()
            self.assertIn("was interrupted", str(pool.submit(ask).exception()))
            self.assertEqual("answer to m\nd\n", pool.submit(ask, "m\nd\n").result())
            self.assertEqual(["answer to c"] * 2, [older.submit(ask).result(), ask()])
            of_cell._until = 0
            self.assertEqual("answer to c", pool.submit(ask).result())

    def test_threads_of_py4j_serve_java(self):
        frame = lambda name, back=None: types.SimpleNamespace(f_globals={"__name__": name}, f_back=back)  # noqa: E731
        callback = frame("__main__", frame("py4j.clientserver", frame("threading")))
        self.assertEqual([True, False, False], [threads.serves_java(each) for each in (callback, frame("py4j.x", frame("__main__")), None)])


class Results(unittest.TestCase):
    def test_an_interrupt_stays_one_whatever_spark_raises_after_it(self):
        def interrupted():
            try:
                raise KeyboardInterrupt
            finally:
                try:
                    raise ValueError("of Java")
                except ValueError:
                    raise RuntimeError("of Spark") from None

        with self.assertRaises(KeyboardInterrupt):
            interrupt.staying_interrupted(interrupted)()
        with self.assertRaises(ZeroDivisionError):
            interrupt.staying_interrupted(lambda: 1 / 0)()

    def test_only_py4js_words_on_an_interrupt_are_dropped(self):
        record = lambda text: logging.LogRecord("x", logging.ERROR, "", 1, text, (), None)  # noqa: E731
        self.assertFalse(interrupt.is_news(record("KeyboardInterrupt while sending command.")))
        self.assertTrue(interrupt.is_news(record("Exception while sending command.")))
