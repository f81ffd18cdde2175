"""The magics %%sql and %sql: SQL on the active session, its result as a table. `display(frame)` shows a DataFrame as such a table."""

import ast
import builtins
import html
import keyword
import re
import sys

ROWS = 100


# A quoted text, a comment, a word with its qualifier, or another character. In single and double quotes, a backslash escapes the next
# character. What is not closed goes on to the end.
TOKEN = re.compile(r"""'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|`[^`]*`?|--[^\n]*|/\*.*?(?:\*/|\Z)|[\w.]+|\S""", re.DOTALL)
# In a script, after which words a statement begins.
BEFORE_STATEMENTS = (";", ":", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT")
# END with one of these words closes a block that is always inside of BEGIN and END, and so need not be counted.
WITH_OWN_END = ("IF", "FOR", "WHILE", "LOOP", "REPEAT")


def statements(text):
    """The statements of a cell. A semicolon separates them, except in quotes, in comments and in a script from BEGIN to END."""
    tokens = [token for token in TOKEN.finditer(text) if not token.group().startswith(("--", "/*"))]
    words, found, begin = [token.group().upper() for token in tokens], [], 0
    while tokens:
        length = _length(words)
        rest = tokens[length:]
        if length:
            found.append(text[begin : rest[0].start() if rest else None].strip())
        begin, tokens, words = rest[0].end() if rest else 0, rest[1:], words[length + 1 :]
    return found


def _length(words):
    """The number of words before the semicolon that ends the first statement."""
    if words[:1] != ["BEGIN"] and words[1:3] != [":", "BEGIN"]:
        return words.index(";") if ";" in words else len(words)
    opened, first, before = [], "", ""
    for place, (word, after) in enumerate(zip(words, [*words[1:], ""])):
        if word == ";" and not opened:
            return place
        if word == "BEGIN" and (not first or first == "DECLARE"):  # as a statement, or as that of a handler
            opened.append(word)
        elif word == "CASE" and before != "END":
            opened.append(word)
        elif word == "END" and after not in WITH_OWN_END and opened and (not first or opened[-1] == "CASE"):
            opened.pop()
        first, before = "" if word in BEFORE_STATEMENTS else first or word, word
    return len(words)


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
