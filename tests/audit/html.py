"""Pages as files -> where they are not the HTML that the standard describes, by two validators.

html-validate is strict about structure and about what helps every reader; vnu is the checker of the W3C.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

from .npm import HERE, MODULES, program
from .report import Finding

CONFIG = HERE / "htmlvalidate.cjs"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
ABOUT_FILES = ".*Content Security Policy.*"
"""It takes 'self' for nothing in a page that is a file; that the policy holds is tested in a browser."""


def html_validate(pages: Sequence[Path]) -> dict[Path, list[Finding]]:
    """The findings of each page; the paths are absolute."""
    command = [*program("html-validate"), "--config", str(CONFIG), "--formatter", "json"]
    with TemporaryFile() as output:  # it ends before a pipe has taken all
        subprocess.run([*command, *map(str, pages)], stdout=output, check=False)
        output.seek(0)
        results = json.load(output)
    found: dict[Path, list[Finding]] = {page: [] for page in pages}
    for one in results:
        found[Path(one["filePath"])] += [
            Finding(
                "html-validate",
                said["ruleId"],
                f"line {said['line']}: {said['selector'] or ''}",
                said["message"],
                advice=said["severity"] == 1,
            )
            for said in one["messages"]
        ]
    return found


def vnu(pages: Sequence[Path]) -> dict[Path, list[Finding]]:
    """The findings of each page; what the checker calls a warning is advice."""
    command = ["java", "-Xss8m", "-jar", str(VNU), "--format", "json", "--stdout", "--exit-zero-always"]
    command += ["--filterpattern", ABOUT_FILES]
    done = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=True)
    found: dict[Path, list[Finding]] = {page: [] for page in pages}
    for said in json.loads(done.stdout)["messages"]:
        where = f"line {said.get('lastLine', '?')}: {said.get('extract', '').strip()}"
        advice = said["type"] == "info"
        page = Path(said["url"].removeprefix("file:"))
        found[page].append(Finding("vnu", said.get("subType", said["type"]), where, said["message"], advice))
    return found
