import os
import threading
import unittest

from spark_cluster import forks


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
