"""Something to do once a module is imported, for a Python that does not import it by itself."""

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
    """Calls `then` with the module of a name: at once if it is there, else after its import."""
    if name in sys.modules:
        then(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Finder(name, then))
