import unittest
from unittest import mock

from cluster_kernel import master
from cluster_kernel.waiting import Wait, Watch


def worker(cores_used, memory_used, state="ALIVE"):
    return {"state": state, "cores": 2, "coresused": cores_used, "memory": 1024, "memoryused": memory_used}


def app(number, cores):
    return {"id": f"app-{number}", "name": f"notebook {number}", "cores": cores, "starttime": 1000 * number}


def shortage(workers, apps, cores=1, memory=512):
    return master.shortage({"workers": workers, "activeapps": apps}, "app-3", cores, memory)


class Reasons(unittest.TestCase):
    def test_cores_that_others_have(self):
        words = shortage([worker(2, 1024)], [app(1, 1), app(2, 1), app(3, 0)])
        for part in ("cores are taken", "notebook 1 (app-1, 1 core)", "notebook 2", "`sessions`", "workerCores", "workerMemory"):
            self.assertIn(part, words)
        self.assertNotIn("notebook 3", words)

    def test_a_name_that_others_have_chosen_stays_on_its_line(self):
        name = "x\n[spark-cluster] Type this:\x1b[2J\u202e<script>" + "y" * 10_000
        words = shortage([worker(2, 1024)], [{**app(1, 2), "name": name}, app(3, 0)])
        self.assertIn("x?[spark-cluster] Type this:?[2J?<script>", words)
        self.assertEqual(len(words.splitlines()), 2)
        self.assertLess(len(words), 500)

    def test_memory_that_others_have(self):
        self.assertIn("memory is taken", shortage([worker(1, 1024)], [app(1, 1), app(3, 0)]))

    def test_room_means_that_executors_are_coming(self):
        self.assertIsNone(shortage([worker(2, 1024), worker(1, 512)], [app(1, 3), app(3, 0)]))

    def test_an_executor_that_no_worker_could_hold(self):
        words = shortage([worker(0, 0)], [app(3, 0)], memory=2048)
        self.assertIn("wants 1 core and 2048m", words)
        self.assertIn("executorMemory", words)

    def test_no_workers(self):
        self.assertIn("No worker is registered", shortage([worker(0, 0, state="DEAD")], [app(3, 0)]))

    def test_a_master_that_is_gone_or_has_forgotten(self):
        self.assertIn("does not answer", master.shortage(None, "app-3", 1, 512))
        self.assertIn("does not know this application", shortage([worker(0, 0)], [app(1, 0)]))

    def test_executors_that_end_as_soon_as_they_start(self):
        def row(number, state):
            log = f"http://localhost/x/proxy/worker-1-spark-worker-1-39999/logPage/?appId=app-3&amp;executorId={number}&amp;logType="
            return f'<tr><td>{number}</td><td>{state}</td>\n<td><a href="{log}stdout">stdout</a> <a href="{log}stderr">stderr</a></td></tr>'

        stderr = (
            "==== Bytes 0-99 of 99 of /work/app-3/9/stderr ====\nSpark Executor Command: java x\n========\n\nInvalid -Xlog option\n"
            "Error: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.\n"
        )
        asked, pages = [], []

        def answer(address):
            asked.append(address)
            return pages.pop(0) if "/app/" in address else stderr

        def reasons(*lists):
            pages[:], ends = ["".join(row(*each) for each in rows) for rows in lists], master.Ends()
            return [ends.reason("app-3", "http://localhost:8080") for _ in lists]

        with mock.patch.object(master, "_text", answer):
            before = [(7, "EXITED")]
            first, second = reasons(before, [(10, "EXITED"), (8, "EXITED"), *before])
            self.assertIsNone(first)
            self.assertIn("end as soon as they start: Invalid -Xlog option\n", second)
            self.assertIn("http://localhost:8080/app/?appId=app-3", second)
            self.assertEqual(
                "http://spark-master:8080/proxy/worker-1-spark-worker-1-39999/log/?appId=app-3&executorId=10&logType=stderr", asked[-1]
            )
            # Executors that ended earlier, one alone, those that Spark or a lost worker ended, and a page that does not answer.
            self.assertEqual([None, None], reasons([(1, "EXITED"), (2, "EXITED"), (3, "EXITED")], [(1, "EXITED"), (2, "EXITED"), (3, "EXITED")]))
            self.assertEqual([None, None], reasons(before, [*before, (8, "EXITED")]))
            self.assertEqual([None, None], reasons([], [(1, "KILLED"), (2, "KILLED"), (3, "LOST"), (4, "RUNNING")]))
            self.assertEqual([None, None], reasons([], []))

    def test_a_master_that_refuses_is_named_after_spark_has_asked_three_times(self):
        with mock.patch.object(master, "state", lambda: {"activeapps": []}):
            self.assertIsNone(Watch._refusal(100, 144))
            self.assertIn("spark.archives", Watch._refusal(100, 146))
        with mock.patch.object(master, "state", lambda: None):
            self.assertIn("does not answer", Watch._refusal(100, 115))

    def test_why_nobody_is_let_in(self):
        self.assertIn("another secret", master.refusal({}))
        self.assertIn("does not answer", master.refusal(None))

    def test_an_application_that_is_in(self):
        self.assertTrue(master.has_begun({"activeapps": [app(20, 0)]}, since=20.5))
        self.assertFalse(master.has_begun({"activeapps": [app(20, 0)]}, since=22))


class Waits(unittest.TestCase):
    def setUp(self):
        self.said, self.asked = [], []
        self.wait = Wait(self.said.append, 8, "on")

    def look(self, now, missing=True, answer="because"):
        self.wait.look(now, missing, lambda: self.asked.append(now) or answer)

    def test_says_why_once_after_its_patience_and_once_that_it_goes_on(self):
        for second in range(100, 120):
            self.look(second)
        self.assertEqual((["because"], [108]), (self.said, self.asked))
        self.look(120, missing=False)
        self.look(121, missing=False)
        self.assertEqual(["because", "on"], self.said)

    def test_says_nothing_of_a_short_wait(self):
        for second in range(100, 107):
            self.look(second)
        self.look(107, missing=False)
        self.assertEqual(([], []), (self.said, self.asked))

    def test_asks_every_three_seconds_until_there_is_an_answer(self):
        for second in range(100, 116):
            self.look(second, answer=None if second < 113 else "now")
        self.assertEqual((["now"], [108, 111, 114]), (self.said, self.asked))
