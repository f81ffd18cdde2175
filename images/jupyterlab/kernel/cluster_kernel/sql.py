"""The magics %%sql and %sql: SQL on the active session, its result as a table. `display(frame)` shows a DataFrame as such a table."""

import ast
import builtins
import html
import keyword
import re
import sys

ROWS = 100


def statements(text):
    """The statements of a cell. A semicolon separates them, except in quotes and comments."""
    found, begin, place = [], 0, 0
    while place < len(text):
        rest = text[place:]
        if rest[0] in "'\"`":
            place = _end_of(text, place + 1, rest[0])
        elif rest.startswith("--"):
            place = _end_of(text, place, "\n")
        elif rest.startswith("/*"):
            place = _end_of(text, place + 2, "*/")
        else:
            if rest[0] == ";":
                found.append(text[begin:place])
                begin = place + 1
            place += 1
    found.append(text[begin:])
    return [statement.strip() for statement in found if _says_something(statement)]


def _end_of(text, begin, end):
    """The position after the next `end`. In single and double quotes, a backslash escapes the next character."""
    place = begin
    while place < len(text) and not text.startswith(end, place):
        place += 2 if text[place] == "\\" and end in ("'", '"') else 1
    return place + len(end)


def _says_something(statement):
    return any(line.strip() and not line.strip().startswith("--") for line in statement.splitlines())


def table(columns, rows):
    """A table of at most ROWS rows as HTML and as plain text, with a note if there are more."""
    shown = [[_text(value) for value in row] for row in rows[:ROWS]]
    more = f"The first {ROWS} rows; there are more." if len(rows) > ROWS else ""
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(value)}</td>" for value in row) + "</tr>" for row in shown)
    widths = [max(map(len, cells)) for cells in zip(columns, *shown)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in [columns, *shown]]
    return {
        "text/html": f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" + (more and f"<p>{more}</p>"),
        "text/plain": "\n".join([*lines, *([more] if more else [])]),
    }


def _text(value):
    return "NULL" if value is None else str(value)


def table_of(frame):
    return table(frame.columns, frame.limit(ROWS + 1).collect())


def whole_cell(lines, as_python=lambda text: text):
    """A cell that begins with %sql is SQL as a whole, as on Databricks, unless Python follows a first line with a statement. `as_python`
    replaces magics by Python, as IPython does."""
    begin = re.match(r"%sql(?:\s+|$)", lines[0]) if lines else None
    if begin is None:
        return lines
    first, rest = lines[0][begin.end() :], "".join(lines[1:])
    return lines if first and rest.strip() and _is_python(rest, as_python) else ["%%sql\n", first, *lines[1:]]


def _is_python(text, as_python):
    try:
        found = ast.parse(as_python(text)).body
    except SyntaxError:
        return False
    # The rows of an INSERT are Python's tuples too. A text of nothing but # comments is Python.
    return not found or not all(isinstance(each, ast.Expr) and isinstance(each.value, ast.Tuple) for each in found)


def is_batch(value):
    """Whether a value is a DataFrame of PySpark, and no stream."""
    modules = [sys.modules.get(name) for name in ("pyspark.sql", "pyspark.sql.connect.dataframe")]  # in Spark 3.5 two classes
    return any(module is not None and isinstance(value, module.DataFrame) for module in modules) and not value.isStreaming


def run(session, name, cell, bind, show):
    """Runs a cell. `bind` gets the name and the last statement's DataFrame, `show` each result. Returns that DataFrame."""
    if name and (not name.isidentifier() or keyword.iskeyword(name)):
        raise ValueError(f"%%sql takes at most the name of a variable for its result; {name!r} is not a valid name.")
    found = statements(cell)
    if not found:
        raise ValueError("The cell of %%sql has no statement.")
    for statement in found:
        frame = session.sql(statement)
        if frame.columns:
            show(frame)
    if name:
        bind(name, frame)
    return frame


def load(shell):
    from IPython import display
    from IPython.core.magic import no_var_expand

    show_value = display.display

    def show(frame):
        show_value(table_of(frame), raw=True)

    @no_var_expand  # as in a cell, braces and $ are SQL's own
    def sql(line, cell=None):
        from pyspark.sql import SparkSession

        session = SparkSession.builder.getOrCreate()
        if cell is not None:
            run(session, line.strip(), cell, lambda name, frame: shell.push({name: frame}), show)
            return None
        frame = run(session, "", line, None, lambda frame: None)
        if not frame.columns:
            return None
        frame._ipython_display_ = lambda: show(frame)  # `frame = %sql ...` shows nothing, `%sql ...` at a cell's end the table
        return frame

    def show_frames(*values, **options):
        if options:
            return show_value(*values, **options)
        for value in values:
            show(value) if is_batch(value) else show_value(value)

    def own_cells(lines):
        if not all(find("sql") is sql for find in (shell.find_line_magic, shell.find_cell_magic)):
            return lines  # those of jupysql or sparkmagic
        return whole_cell(lines, shell.input_transformer_manager.transform_cell)

    shell.register_magic_function(sql, magic_kind="line_cell")
    shell.input_transformers_cleanup.append(own_cells)
    display.display = builtins.display = show_frames
