import importlib.machinery
import importlib.util
import os
import pathlib
import tempfile
import unittest
import unittest.mock

SCRIPT = pathlib.Path(__file__).parents[4] / "images/history-server/expire-event-logs"
loader = importlib.machinery.SourceFileLoader("expire_event_logs", str(SCRIPT))
script = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(script)

OPEN, KILLED, ENDED = "app-20260101000000-0001", "app-20260101000000-0002", "app-20260101000000-0003"


class EventLogs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for application, status in [(OPEN, ".inprogress"), (KILLED, ".inprogress"), (ENDED, "")]:
            rolling = self.folder / f"eventlog_v2_{application}"
            rolling.mkdir()
            (rolling / f"appstatus_{application}{status}").touch()
            (rolling / f"events_1_{application}.zstd").touch()
            (self.folder / f"{application}.zstd{status}").touch()
        (self.folder / "eventlog_v2_local-1700000000000").mkdir()
        (self.folder / "eventlog_v2_spark-application-1700000000000").mkdir()  # ended before the master gave it an id
        (self.folder / "notes.txt").touch()
        self.everything = self.left()
        for each in self.folder.rglob("*"):
            os.utime(each, (100, 100))

    def left(self):
        return sorted(each.name for each in self.folder.iterdir())

    def expire(self, oldest, applications):
        script.expire(self.folder, oldest, applications)
        return self.left()

    def test_old_logs_go_unless_the_master_knows_their_application(self):
        ours = [f"{OPEN}.zstd.inprogress", f"eventlog_v2_{OPEN}", "notes.txt"]
        self.assertEqual(self.expire(101, lambda: {OPEN}), ours)

    def test_while_the_master_does_not_respond_only_ended_logs_go(self):
        open_or_killed = [name for name in self.everything if OPEN in name or KILLED in name] + ["notes.txt"]
        self.assertEqual(self.expire(101, lambda: None), open_or_killed)

    def test_the_newest_file_of_a_log_is_its_age_and_the_master_is_asked_only_if_it_matters(self):
        self.assertEqual(self.expire(100, self.fail), self.everything)
        new = self.folder / f"eventlog_v2_{KILLED}"
        os.utime(new / f"events_1_{KILLED}.zstd", (200, 200))
        self.assertIn(new.name, self.expire(101, lambda: {OPEN}))

    def test_a_log_that_cannot_be_read_stops_no_other(self):
        (self.folder / "app-20250101000000-0001").symlink_to("nowhere")
        with unittest.mock.patch("sys.stderr"):
            self.assertNotIn(f"eventlog_v2_{ENDED}", self.expire(101, set))


class Master(unittest.TestCase):
    def test_a_master_that_recovers_does_not_know_all_applications(self):
        answers = {"ALIVE": {"a"}, "RECOVERING": None, "STANDBY": None}
        for status, expected in answers.items():
            body = b'{"status": "%s", "activeapps": [{"id": "a"}]}' % status.encode()
            with tempfile.NamedTemporaryFile() as answer:
                answer.write(body)
                answer.flush()
                script.MASTER = f"file://{answer.name}"
                self.assertEqual(script.open_applications(), expected)
        script.MASTER = "file:///nowhere"
        self.assertIsNone(script.open_applications())
