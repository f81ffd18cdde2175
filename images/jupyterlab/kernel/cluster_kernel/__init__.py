"""What a notebook's kernel does for a person who works with Spark. An IPython extension; each module is one part of it."""


def load_ipython_extension(shell):
    from . import explain, extensions, noise, plots, progress, sessions, sql, waiting

    noise.load(shell)
    extensions.load(shell)
    plots.load()
    applications = sessions.load()
    progress.load(shell, applications)
    waiting.load(shell, applications)
    explain.load(shell)
    sql.load(shell)
