import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

from spark_cluster import daemon, folders, home, memory, modules


class Folders(unittest.TestCase):
    def test_executors_get_the_shared_folders_of_the_path_the_first_one_last(self):
        path = ["", "/opt/workspace/lib", "/usr/lib/python3.11", "../other", "/opt/workspaces"]
        found = folders.shared_folders(path, "/opt/workspace/sub")
        self.assertEqual(found, ["/opt/workspace/other", "/opt/workspace/lib", "/opt/workspace/sub"])

    def test_a_context_keeps_what_addPyFile_appends(self):
        class SparkContext:
            def _do_init(this):
                this.environment = {}

        folders.load(types.SimpleNamespace(SparkContext=SparkContext))
        context = SparkContext()
        context._python_includes = []
        with mock.patch.object(sys, "path", ["/opt/workspace/a"]):
            context._python_includes.append("more.zip")
            self.assertEqual(context._python_includes, ["/opt/workspace/a", "more.zip"])
            self.assertEqual(context._python_includes, ["/opt/workspace/a", "more.zip"])
        context._do_init()
        self.assertEqual(context.environment, {folders.WORKING_FOLDER: os.getcwd()})

    def test_what_was_added_is_found_where_the_executor_put_it(self):
        class SparkFiles:
            @classmethod
            def getRootDirectory(cls):
                return "."

        added = []
        util, worker = types.SimpleNamespace(add_path=added.append), types.SimpleNamespace()
        self.enterContext(mock.patch.dict(sys.modules, {"pyspark.worker_util": util, "pyspark.worker": worker}))
        folders.find_added_files(SparkFiles, "/var/lib/spark/work/app-1/0")
        self.assertEqual("/var/lib/spark/work/app-1/0", SparkFiles.getRootDirectory())
        for path in (".", "./lib.zip", "/opt/workspace/a"):
            util.add_path(path)
        self.assertEqual(["/var/lib/spark/work/app-1/0", "/var/lib/spark/work/app-1/0/lib.zip", "/opt/workspace/a"], added)

    def test_a_function_works_in_the_folder_of_its_driver_if_that_is_shared(self):
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        with tempfile.TemporaryDirectory() as folder:
            for shared, expected in ((folder, folder), ("/opt/workspace", before)):
                os.chdir(before)
                with mock.patch.object(folders, "SHARED", shared), mock.patch.dict(os.environ, {folders.WORKING_FOLDER: folder}):
                    folders.enter_working_folder()
                self.assertEqual(os.getcwd(), expected)
            with mock.patch.dict(os.environ, {folders.WORKING_FOLDER: "/opt/workspace/gone"}):
                folders.enter_working_folder()


class Modules(unittest.TestCase):
    def test_all_modules_of_the_folder_are_imported_again_after_an_edit_of_one(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(modules, "SHARED", folder):
            sys.path.insert(0, folder)
            self.addCleanup(sys.path.remove, folder)
            one, two = pathlib.Path(folder, "one_of_ours.py"), pathlib.Path(folder, "two_of_ours.py")
            one.write_text("value = 1")
            two.write_text("from one_of_ours import value")
            import two_of_ours  # noqa: F401

            modules.remember()
            modules.forget_changed()
            self.assertIn("two_of_ours", sys.modules)
            one.write_text("value = 'edited'")
            modules.forget_changed()
            self.assertNotIn("one_of_ours", sys.modules)
            self.assertNotIn("two_of_ours", sys.modules)
            self.assertIn("unittest", sys.modules)


class Memory(unittest.TestCase):
    def worker(self, source):
        """A child of a process whose children are guarded with a share of 64 MiB; what it printed."""
        program = f"""
import os, sys
from spark_cluster import guard, memory
guard.start(64 << 20)
if os.fork() == 0:
    memory.obey(64 << 20)
    try:
{source}
    except MemoryError as error:
        print(error, flush=True)
        os._exit(0)
    print("ended", flush=True)
    os._exit(0)
while memory.children_of(os.getpid()):
    try:
        if os.waitpid(-1, os.WNOHANG)[0]:
            break
    except ChildProcessError:
        break
    import time
    time.sleep(0.05)
"""
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "PYTHON_FAULTHANDLER_DIR": folder}
            ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
            self.assertEqual(ended.stderr, "")
            return ended.stdout + "".join(file.read_text() for file in pathlib.Path(folder).iterdir())

    # Once or twice: a slow worker is killed before it has printed its error.
    refused = r"^(pythonMemory: Python on this executor took \d+m, more than its share of 64m\.\n?)+$"

    def test_less_than_the_share_is_left_alone(self):
        self.assertEqual(self.worker("        kept = bytes(range(256)) * (20 << 12)\n        import time; time.sleep(0.3)"), "ended\n")

    def test_more_than_the_share_is_an_error(self):
        self.assertRegex(self.worker("        kept = []\n        while True: kept.append(bytes(range(256)) * (1 << 12))"), self.refused)

    def test_processes_that_a_worker_starts_are_counted(self):
        child = "import time; kept = bytes(range(256)) * (90 << 12); time.sleep(20)"
        source = f"        import subprocess; subprocess.run([sys.executable, '-c', {child!r}], stderr=subprocess.DEVNULL)"
        self.assertRegex(self.worker(source), self.refused)

    def test_a_worker_that_keeps_the_memory_is_killed_and_leaves_the_reason(self):
        source = """
        import time
        kept = bytes(range(256)) * (80 << 12)
        while True:
            try: time.sleep(10)
            except MemoryError: pass"""
        self.assertRegex(self.worker(source), self.refused)

    def test_addresses_do_not_count(self):
        self.assertEqual(self.worker("        import mmap, time; kept = mmap.mmap(-1, 1 << 32); time.sleep(0.3)"), "ended\n")


class Home(unittest.TestCase):
    def test_above_the_bound_the_files_go_that_nobody_has_used_for_the_longest_time(self):
        with tempfile.TemporaryDirectory() as folder:
            for age, name in enumerate([".cache/new", ".cache/models/old", ".config/older"]):
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(bytes(range(256)) * 4096)
                os.utime(path, (1e9 - age,) * 2)
            left = lambda: sorted(file.name for file in pathlib.Path(folder).rglob("*") if file.is_file())  # noqa: E731
            home.trim(folder, 4 << 20)
            self.assertEqual(left(), ["new", "old", "older"])
            home.trim(folder, 2 << 20)
            self.assertEqual(left(), ["new", "old"])
            home.trim(folder, 1 << 20)
            self.assertEqual(left(), ["new"])


class Daemon(unittest.TestCase):
    def test_a_worker_looks_for_edited_modules_when_a_task_comes_not_before(self):
        pyspark_daemon = types.SimpleNamespace(worker=lambda *_: order.append("task") or 7)
        order = []
        daemon.load(pyspark_daemon, 1)
        connection = mock.Mock(recv=lambda *_: order.append("waited"))
        with (
            mock.patch.object(memory, "offer_to_kernel"),
            mock.patch.object(memory, "obey"),
            mock.patch.object(modules, "forget_changed", lambda: order.append("forgot")),
        ):
            self.assertEqual(pyspark_daemon.worker(connection, True), 7)
        self.assertEqual(order, ["waited", "forgot", "task"])

    def test_temporary_files_go_with_the_application(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"SPARK_EXECUTOR_DIRS": f"{folder}:/other"}):
            daemon.set_temporary_folder()
            self.assertEqual(os.environ["TMPDIR"], f"{folder}/tmp")
            self.assertTrue(os.path.isdir(f"{folder}/tmp"))
