"""The rules, one a file, in folders by the catalogue's sections; `diagnose.builtin` lists them."""

from __future__ import annotations
