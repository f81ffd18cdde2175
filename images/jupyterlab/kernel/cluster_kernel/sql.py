"""The magics %%sql and %sql: SQL on the active session, its result as a table. `display(frame)` shows a DataFrame as such a table."""

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


def whole_cell(lines):
    """As on Databricks, a cell that begins with %sql is SQL as a whole."""
    begin = re.match(r"%sql(?:\s+|$)", lines[0]) if lines else None
    return lines if begin is None else ["%%sql\n", lines[0][begin.end() :], *lines[1:]]


def is_batch(value):
    """Whether a value is a DataFrame of PySpark, and no stream."""
    module = sys.modules.get("pyspark.sql")
    return module is not None and isinstance(value, module.DataFrame) and not value.isStreaming


def run(session, name, cell, bind, show):
    """Runs a cell. `bind` gets the name and the last statement's DataFrame, `show` each result."""
    if name and (not name.isidentifier() or keyword.iskeyword(name)):
        raise ValueError(f"%%sql takes at most the name of a variable for its result; {name!r} is not a valid name.")
    found = statements(cell)
    if not found:
        raise ValueError("The cell of %%sql has no statement.")
    for statement in found:
        frame = session.sql(statement)
        if frame.columns:
            show(table_of(frame))
    if name:
        bind(name, frame)


def load(shell):
    from IPython.display import display

    def show(result):
        display(result, raw=True)

    def sql(line, cell=None):
        from pyspark.sql import SparkSession

        session = SparkSession.builder.getOrCreate()
        name, text = ("", line) if cell is None else (line.strip(), cell)
        run(session, name, text, lambda name, frame: shell.push({name: frame}), show)

    def display_frames(*values, **options):
        if options:
            return display(*values, **options)
        for value in values:
            if is_batch(value):
                show(table_of(value))
            else:
                display(value)

    def own_cells(lines):
        return whole_cell(lines) if shell.find_line_magic("sql") is sql else lines  # jupysql has magics of the same name

    shell.register_magic_function(sql, magic_kind="line_cell")
    shell.input_transformers_cleanup.append(own_cells)
    builtins.display = display_frames
