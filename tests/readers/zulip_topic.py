"""What zulip_topic.json says."""

from hnsite.model import Dialect, Evidence, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("zulip_topic.json", 2),
        id="zulip-topic-df406a1e7f2b",
        kind=Kind.STORY,
        created=Moment(epoch=1600000000),
        title="zulip_topic",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("zulip_topic.json", 2),
        id="zulip-5001",
        kind=Kind.COMMENT,
        parent="zulip-topic-df406a1e7f2b",
        thread="zulip-topic-df406a1e7f2b",
        author="Ann of the Sea@zulip",
        created=Moment(epoch=1600000000),
        body="<p>When is high water?</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("zulip_topic.json", 8),
        id="zulip-5002",
        kind=Kind.COMMENT,
        parent="zulip-topic-df406a1e7f2b",
        thread="zulip-topic-df406a1e7f2b",
        author="Bob@zulip",
        created=Moment(epoch=1600000060),
        body='<p>At <span class="user-mention" data-user-id="5">@Ann of the Sea</span>\'s pier at noon.</p>',
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("zulip_topic.json", 14),
        id="zulip-5003",
        kind=Kind.COMMENT,
        parent="zulip-5001",
        thread="zulip-topic-df406a1e7f2b",
        author="Cleo@zulip",
        created=Moment(epoch=1600000120),
        body=(
            '<p><span class="user-mention silent" data-user-id="5">Ann of the Sea</span> <a h'
            'ref="https://tide.zulipchat.example/#narrow/stream/7-sea/topic/tides/near/5001">'
            "said</a>:</p>\n"
            "<blockquote>\n"
            "<p>When is high water?</p>\n"
            "</blockquote>\n"
            "<p>And low water?</p>"
        ),
        dialect=Dialect.HTML,
        state=State.LIVE,
        evidence=Evidence.QUOTE,
    ),
    Record(
        origin=Origin("zulip_topic.json", 20),
        id="zulip-5004",
        kind=Kind.COMMENT,
        parent="zulip-topic-df406a1e7f2b",
        thread="zulip-topic-df406a1e7f2b",
        author="Cleo@zulip",
        created=Moment(epoch=1600000180),
        body=(
            '<p><span class="user-mention silent" data-user-id="5">Ann</span> <a href="https:'
            '//tide.zulipchat.example/#narrow/stream/7-sea/topic/tides/near/5001">said</a>:</'
            "p>\n"
            "<blockquote>\n"
            "<p>x</p>\n"
            "</blockquote>\n"
            '<p>a</p><p><span class="user-mention silent" data-user-id="5">Bob</span> <a href'
            '="https://tide.zulipchat.example/#narrow/stream/7-sea/topic/tides/near/5002">sai'
            "d</a>:</p>\n"
            "<blockquote>\n"
            "<p>y</p>\n"
            "</blockquote>\n"
            "<p>b</p>"
        ),
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("zulip_topic.json", 26),
        id="zulip-5005",
        kind=Kind.COMMENT,
        parent="zulip-topic-df406a1e7f2b",
        thread="zulip-topic-df406a1e7f2b",
        author="Bob@zulip",
        created=Moment(epoch=1600000240),
        body=(
            '<p><span class="user-mention silent" data-user-id="5">Dan</span> <a href="https:'
            '//tide.zulipchat.example/#narrow/stream/7-sea/topic/tides/near/4000">said</a>:</'
            "p>\n"
            "<blockquote>\n"
            "<p>elsewhere</p>\n"
            "</blockquote>\n"
            "<p>see there</p>"
        ),
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
]
