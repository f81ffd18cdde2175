"""Calls a function once a module is imported, without importing the module."""

import sys


class _Finder:
    def __init__(self, name, then):
        self.name, self.then = name, then

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_then(module):
                run(module)
                self.then(module)

            spec.loader.exec_module = run_then
        return spec


def when_imported(name, then):
    """Calls `then` with a module: at once if it is already imported, otherwise after its import."""
    if name in sys.modules:
        then(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Finder(name, then))
