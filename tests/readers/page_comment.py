"""A comment's own page: parent and story by its links, replies from depth 0."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("page_comment.html", 1),
        id="907",
        kind=Kind.COMMENT,
        parent="905",
        thread="900",
        author="cy",
        created=Moment(epoch=1772359620),
        body="Too slow, all of them, and I say that as an owner of five.",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("909",),
        ranked=True,
    ),
    Record(
        origin=Origin("page_comment.html", 3),
        id="909",
        kind=Kind.COMMENT,
        parent="907",
        thread="900",
        author="dee",
        created=Moment(epoch=1772409600),
        body="Five?",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("910",),
        ranked=True,
    ),
    Record(
        origin=Origin("page_comment.html", 4),
        id="910",
        kind=Kind.COMMENT,
        parent="909",
        thread="900",
        author="cy",
        created=Moment(epoch=1772409660),
        body="Yes.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
]
