"""A page as a host sends it -> Lighthouse's scores on its slow phone."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from typing import Any, NamedTuple

import chromium

from .npm import program
from .report import Finding

RUNS = 3
"""Of the performance the median of so many counts: a busy machine is slow at random."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


class Scores(NamedTuple):
    """From 0 to 100 by category, and what kept them from being 100."""

    by_category: dict[str, int]
    findings: list[Finding]

    def __str__(self) -> str:
        return " ".join(str(self.by_category[category]) for category in CATEGORIES)

    def meets(self, performance: int) -> bool:
        return all(
            score >= (performance if category == "performance" else 100)
            for category, score in self.by_category.items()
        )


def check(url: str, executable: str) -> Scores:
    """Visits the page with this Chromium, which must not be running otherwise."""
    first, *others = (
        _visit(url, executable, CATEGORIES if run == 0 else CATEGORIES[:1]) for run in range(RUNS)
    )
    scores = {name: round(100 * part["score"]) for name, part in first["categories"].items()}
    fast = [round(100 * one["categories"]["performance"]["score"]) for one in (first, *others)]
    return Scores({**scores, "performance": round(statistics.median(fast))}, list(_findings(first)))


def _visit(url: str, executable: str, categories: tuple[str, ...]) -> dict[str, Any]:
    flags = " ".join(["--headless=new", *chromium.ARGS])
    command = [*program("lighthouse"), url, "--quiet", "--output=json", "--no-enable-error-reporting"]
    command += [f"--only-categories={','.join(categories)}", f"--chrome-flags={flags}"]
    environment = {**os.environ, "CHROME_PATH": executable}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"lighthouse {url}: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _findings(report: dict[str, Any]) -> Iterator[Finding]:
    """Audits that count and are not passed; those of the performance, which varies, are advice."""
    for name, category in report["categories"].items():
        for part in category["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                says = f"{audit['title']} {audit.get('displayValue', '')}".strip()
                yield Finding("lighthouse", part["id"], _where(audit), says, advice=name == "performance")


def _where(audit: dict[str, Any]) -> str:
    items = audit.get("details", {}).get("items", [])
    nodes = (item.get("node") or item.get("source") or {} for item in items if isinstance(item, dict))
    return next((node["selector"] for node in nodes if isinstance(node, dict) and "selector" in node), "")
