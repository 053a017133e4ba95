"""Lines for logs: with the time, and out at once."""

import sys
import time

from report.table import plain


def tell(message: str) -> None:
    """Write a line to standard output, which workers and Slurm jobs have as their log.

    A log in an encoding without some letter of a path is no reason to end a run.
    """
    line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {plain(message)}\n"
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
