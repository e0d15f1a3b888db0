"""Templates that tests compile once a process: they build thousands of sites, a user one."""

from __future__ import annotations

from types import CodeType
from typing import ClassVar

import jinja2
from jinja2.bccache import Bucket


class Compiled(jinja2.FileSystemBytecodeCache):
    """Compiled templates in files, and in memory for all sites that a process builds."""

    _kept: ClassVar[dict[str, tuple[str, CodeType]]] = {}
    """Checksum of the text and compiled code of each template that this process met."""

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
            return
        super().load_bytecode(bucket)
        self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.checksum, bucket.code
