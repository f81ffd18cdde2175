"""The IPython extension with the features of a notebook's kernel for Spark; each module is one of them."""


def load_ipython_extension(shell):
    from . import awaiting, explain, extensions, java, noise, plots, progress, sessions, sql, variables, waiting

    quiet = noise.load(shell)
    extensions.load(shell)
    plots.load()
    applications = sessions.load()
    progress.load(shell, applications)
    waiting.load(shell, applications, quiet)
    explain.load(shell, applications, quiet)
    sql.load(shell)
    variables.load(shell)
    awaiting.load(shell)
    java.load(applications)  # last: Java gets the variables that the others set
