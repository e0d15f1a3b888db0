"""What every process of a build opens for itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hnsite.catalog import Catalog
from hnsite.config import Config
from hnsite.manifest import Manifest
from hnsite.output import Output
from hnsite.theme import Theme


@dataclass
class Tools:
    """What every process of a build opens for itself."""

    config: Config
    catalog: Catalog
    manifest: Manifest
    output: Output

    @cached_property
    def theme(self) -> Theme:
        return Theme(self.config)

    def close(self) -> None:
        self.catalog.close()
        self.manifest.close()


def open_tools(config: Config, clean: bool) -> Tools:
    """Tools for one process; ``clean`` as for ``build``."""
    cache = config.cache_dir
    output = Output(config.output_dir, clean=clean)
    return Tools(config, Catalog(cache), Manifest(config.output_dir, cache), output)
