"""Asking about judged boots: the language of `--where`, and what differs between two boots.

Judged boots come in; out go predicates and lists of differences, as values. The terminal UI's filter line speaks the
same language.
"""

from __future__ import annotations

from pxedebug.query.comparison import Comparison, Difference, compare_boots, likely_pair
from pxedebug.query.language import FIELDS, Query, QueryError, builtin_ids, parse_query

__all__ = [
    "FIELDS",
    "Comparison",
    "Difference",
    "Query",
    "QueryError",
    "builtin_ids",
    "compare_boots",
    "likely_pair",
    "parse_query",
]
