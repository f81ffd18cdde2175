import unittest

from spark_cluster.idle import Idle


class FakeExecutors:
    def __init__(self):
        self.calls, self.jobs = [], False

    def are_used(self):
        return self.jobs

    def start(self):
        self.calls.append("start")

    def end(self):
        self.calls.append("end")


class IdleTime(unittest.TestCase):
    def setUp(self):
        self.executors = FakeExecutors()
        self.idle = Idle(self.executors, patience=30, now=100)

    def look(self, *times):
        for now in times:
            self.idle.look(now)
        return self.executors.calls

    def test_executors_end_once_after_the_patience(self):
        self.assertEqual([], self.look(110, 129))
        self.assertEqual(["end"], self.look(130, 131, 200))

    def test_a_cell_counts_as_work_and_starts_them_at_once(self):
        self.look(130)
        self.idle.cell_begins()
        self.assertEqual(["end", "start"], self.look(131, 500))
        self.idle.cell_ends(500)
        self.assertEqual(["end", "start"], self.look(529))
        self.assertEqual(["end", "start", "end"], self.look(530))

    def test_a_job_without_a_cell_starts_them_too(self):
        self.look(130)
        self.executors.jobs = True
        self.assertEqual(["end", "start"], self.look(140, 141))
        self.executors.jobs = False
        self.assertEqual(["end", "start"], self.look(170))
        self.assertEqual(["end", "start", "end"], self.look(171))


if __name__ == "__main__":
    unittest.main()
