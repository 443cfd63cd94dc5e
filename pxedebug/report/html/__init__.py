"""The report as one HTML file that needs nothing else: no network, no script, light and dark, printable.

`model` puts what is shown into plain values, `ladder` and `chart` compute the drawings, and the template beside them
writes all of it; autoescaping is on, so no string from the wire becomes markup.
"""

from __future__ import annotations

from pxedebug.report.html.page import write_html

__all__ = ["write_html"]
