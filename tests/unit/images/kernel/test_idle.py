import unittest

from spark_cluster.idle import Cells, Idle


class FakeExecutors:
    def __init__(self):
        self.calls, self.jobs, self.there, self.master = [], False, True, True

    def are_used(self):
        return self.jobs

    def are_there(self):
        return self.there

    def start(self):
        self.calls.append("start")
        self.there = self.master
        return self.master

    def end(self):
        self.calls.append("end")
        self.there = self.there and not self.master
        return self.master


class IdleTime(unittest.TestCase):
    def setUp(self):
        self.executors, self.cells = FakeExecutors(), Cells()
        self.idle = Idle(self.executors, self.cells, patience=30, now=100)

    def look(self, *times):
        for now in times:
            self.idle.look(now)
        return self.executors.calls

    def test_executors_end_once_after_the_patience(self):
        self.assertEqual([], self.look(110, 129))
        self.assertEqual(["end"], self.look(130, 131, 200))

    def test_a_cell_counts_as_work_and_so_does_a_cell_around_it(self):
        self.look(130)
        self.cells.begins()
        self.cells.begins()
        self.cells.ends()
        self.assertEqual(["end", "start"], self.look(131, 500))
        self.cells.ends()
        self.cells.ended = 500
        self.assertEqual(["end", "start"], self.look(529))
        self.assertEqual(["end", "start", "end"], self.look(530))

    def test_a_job_without_a_cell_starts_them_too(self):
        self.look(130)
        self.executors.jobs = True
        self.assertEqual(["end", "start"], self.look(140, 141))
        self.executors.jobs = False
        self.assertEqual(["end", "start"], self.look(170))
        self.assertEqual(["end", "start", "end"], self.look(171))

    def test_a_request_without_a_master_is_made_again(self):
        self.executors.master = False
        self.assertEqual(["end", "end"], self.look(130, 131, 160))
        self.executors.master = True
        self.assertEqual(["end", "end", "end"], self.look(190, 250))
        self.executors.there = True  # the master was restarted
        self.assertEqual(["end"] * 4, self.look(280, 310))
