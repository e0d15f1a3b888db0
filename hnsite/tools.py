"""What every process of a build opens for itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from hnsite import lock
from hnsite.catalog import Catalog
from hnsite.compress import suffixes
from hnsite.config import Config
from hnsite.manifest import Manifest, words_file
from hnsite.output import Output
from hnsite.redact import Covered
from hnsite.theme import Theme, open_theme
from hnsite.words import Words


@dataclass
class Tools:
    """What every process of a build opens for itself; ``words`` is None where the site has no search."""

    config: Config
    catalog: Catalog
    manifest: Manifest
    output: Output
    words: Words | None
    share: object = None
    """A worker's share of the lock."""
    covered: Covered = field(default_factory=Covered)
    """What must not be shown (see ``redactions``)."""

    @cached_property
    def theme(self) -> Theme:
        return open_theme(self.config)

    def take_out(self, covered: Covered) -> None:
        """From now on what is covered is not shown."""
        self.covered = covered
        self.catalog.dropped = covered.dropped

    def close(self) -> None:
        self.catalog.close()
        self.manifest.close()
        if self.words:
            self.words.close()


def open_tools(config: Config, clean: bool) -> Tools:
    """Tools for one process; ``clean`` as for ``build``."""
    cache = config.cache_dir
    output = Output(config.output_dir, clean=clean, suffixes=suffixes(config))
    words = Words(words_file(config.output_dir, cache)) if config.search else None
    return Tools(config, Catalog(cache), Manifest(config.output_dir, cache), output, words)


def open_worker_tools(config: Config, clean: bool, covered: Covered | None = None) -> Tools:
    """The same for a worker, which keeps other builds waiting as long as it lives."""
    share = lock.share(config.cache_dir)
    tools = open_tools(config, clean)
    tools.share = share
    if covered:
        tools.take_out(covered)
    return tools
