"""The command behind ``make advisories``: python -m audit.advisories REQUIREMENTS..., from the folder tests.

Asks pip-audit about every list of versions, and npm about the checkers. What could not be asked counts as
a fault: a registry that does not answer must not look like a clean report.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from . import npm

_PIP_AUDIT = ("pip_audit", "--strict", "--disable-pip", "--no-deps", "--progress-spinner", "off")


def main(files: Sequence[str]) -> int:
    status = 0
    for file in files:
        print(f"{file}:", flush=True)
        status = _told([sys.executable, "-m", *_PIP_AUDIT, "--requirement", file]) or status
    print("tests/audit/package-lock.json:", flush=True)
    return _told([*npm.command(), "audit"]) or status


def _told(command: Sequence[str]) -> int:
    """What a command ends with; it prints what it finds."""
    status = subprocess.run(command, cwd=npm.HERE.parent, check=False).returncode
    if status:
        print(f"  NOT KNOWN TO BE SAFE (status {status}): see above what was found, or could not be asked")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
