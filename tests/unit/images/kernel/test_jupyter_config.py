import pathlib
import unittest
import unittest.mock

CONFIG = pathlib.Path(__file__).parents[4] / "images/jupyterlab/jupyter_server_config.py"


class Server(unittest.TestCase):
    def test_the_file_browser_deletes_files_and_folders_instead_of_filling_a_trash(self):
        source, config = CONFIG.read_text(), unittest.mock.MagicMock()
        with unittest.mock.patch.object(pathlib.Path, "read_text", return_value="token"):
            exec(compile(source, CONFIG, "exec"), {"get_config": lambda: config})
        # AsyncLargeFileManager, the default, inherits both.
        files = config.FileContentsManager
        self.assertEqual((files.delete_to_trash, files.always_delete_dir), (False, True))
