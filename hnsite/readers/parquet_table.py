"""Tables of Hacker News items as Parquet files, as on Hugging Face. Needs pyarrow: ``hnsite[parquet]``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from hnsite.errors import UnreadableError
from hnsite.model import Origin, Piece, Problem
from hnsite.readers import export
from hnsite.readers.input import Head
from hnsite.readers.table import Table, lacking

if TYPE_CHECKING:
    import pyarrow

NAME = "parquet-table"
VERSION = 1
WHOLE = True

_MAGIC = b"PAR1"
_ROWS = 4096  # in memory at a time


def why_not(head: Head) -> str | None:
    """Raises UnreadableError for a Parquet file where pyarrow is not installed."""
    if not head.raw.startswith(_MAGIC):
        return "not a Parquet file"
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise UnreadableError("a Parquet file; to read it: pip install 'hnsite[parquet]'") from None
    return None


def read(file: BinaryIO, name: str) -> Iterator[Piece]:
    import pyarrow
    import pyarrow.parquet

    row = 0
    try:
        with pyarrow.parquet.ParquetFile(file, page_checksum_verification=True) as parquet:
            names = parquet.schema_arrow.names
            is_export = export.COLUMN in names
            if not is_export and (why := lacking(names)):
                yield Problem(Origin(name, 1), f"no table of Hacker News items: {why}", skipped=True)
                return
            used = [names[place] for place in (export.Rows(names) if is_export else Table(names)).used]
            table = export.Rows(used) if is_export else Table(used)
            for batch in parquet.iter_batches(_ROWS, columns=used, use_threads=False):
                for values in zip(*map(_values, batch.columns), strict=True):
                    row += 1
                    yield from table.read(values, Origin(name, row))
            yield from table.in_order(Origin(name, 1))
    except (pyarrow.ArrowException, OSError, ValueError, MemoryError, OverflowError) as error:
        reason = " ".join("".join(one if one.isprintable() else " " for one in str(error)).split())[:200]
        yield Problem(Origin(name, row + 1), f"a damaged Parquet file from here on: {reason}", skipped=True)


def _values(column: pyarrow.Array) -> list[Any]:
    """A column's values as the types of JSON, times as whole seconds."""
    import pyarrow

    kind = column.type
    if pyarrow.types.is_date(kind) or pyarrow.types.is_timestamp(kind):
        zone = getattr(kind, "tz", None)
        column = column.cast(pyarrow.timestamp("s", zone), safe=False).cast(pyarrow.int64())
    elif pyarrow.types.is_decimal(kind):
        column = column.cast(pyarrow.float64(), safe=False)
    values: list[Any] = column.to_pylist()
    return values
