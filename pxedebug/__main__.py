"""`python -m pxedebug` is the command line."""

from __future__ import annotations

from pxedebug.cli.main import main

if __name__ == "__main__":
    main()
