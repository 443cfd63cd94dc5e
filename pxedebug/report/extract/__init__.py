"""What can be taken out of a capture: the files that were transferred, and a client's frames.

Stories (already told) and the capture (read once more) come in; out go files on the disk, with a manifest, or a pcapng
file, with findings as comments or with everything that names somebody replaced.
"""

from __future__ import annotations

from pxedebug.report.extract.files import extract_files, wanted_transfers
from pxedebug.report.extract.slice import Selection, comments_on, write_slice

__all__ = ["Selection", "comments_on", "extract_files", "wanted_transfers", "write_slice"]
