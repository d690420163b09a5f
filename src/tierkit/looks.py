"""How a result shows itself in a notebook: asked for by name, because reports sit above the results."""

from importlib import import_module


def html_of(result: object) -> str:
    """Give a result as HTML, all text escaped, with inline styles only.

    Importing the reports late and by name keeps every import pointing down: a result knows that it can
    be shown, not how.
    """
    html: str = import_module("tierkit.reports.html").html_of(result)
    return html
