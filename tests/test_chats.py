"""Forums and chats: what readers take from paths and from files beside a dump, and what always holds."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_readers import check, problems, read, records

from hnsite import readers
from hnsite.merge import merge
from hnsite.model import Dialect, Evidence, Kind, Record
from hnsite.readers import discord, discourse, slack, zulip
from hnsite.readers.input import Head


def found(reader: Any, value: Any, name: str, beside: Mapping[str, Any] | None = None) -> list[Record]:
    """The records of a dump of this path, with these files beside it."""
    raw = json.dumps(value).encode()
    assert readers.pick(Head(raw)) is reader
    more = [{path: json.dumps(one).encode() for path, one in beside.items()}] if beside is not None else []
    return records(reader.read(io.BytesIO(raw), name, *more))


# ---- Zulip


def said(id: int, content: str = "<p>x</p>") -> dict[str, Any]:
    return {"id": id, "sender_full_name": "Ann", "timestamp": 1600000000 + id, "content": content}


@pytest.mark.parametrize(
    "path, title",
    [
        ("content/113-sea-and-wind/high.20tide.3F.json", "#sea-and-wind > high tide?"),
        ("content/113-sea/100.2520.json.gz", "#sea > 100%20"),
        ("content/a.zip/zulip_json/113-/x.2Ejson.json", "x.json"),
        ("content/113sea/12345hightide.json", "#sea > 12345hightide"),
        ("topic.json", "topic"),
        ("content/113-sea/.FF.00.json", "#sea > \ufffd"),
    ],
)
def test_a_topic_is_called_what_its_path_says(path: str, title: str) -> None:
    story, message = found(zulip, [said(5)], path)
    assert (story.kind, story.title) == (Kind.STORY, title)
    assert message.parent == message.thread == story.id


def test_topics_of_one_name_in_two_streams_are_two() -> None:
    ids = {found(zulip, [said(5)], f"{folder}/tides.json")[0].id for folder in ("1-sea", "2-sky")}
    assert len(ids) == 2


def test_an_index_beside_has_the_names_as_they_are() -> None:
    index = {
        "streams": {"Sea & Wind": {"id": 113, "latest_id": 5, "topic_data": {"été: tide?": {"size": 1}}}}
    }
    path = "113-Sea--Wind/.C3.A9t.C3.A9.3A.20tide.3F.json"
    story = found(zulip, [said(5)], path, {"../stream_index.json": index})[0]
    assert story.title == "#Sea & Wind > été: tide?"
    assert story.id == found(zulip, [said(5)], path)[0].id


def quote(id: int) -> str:
    near = f"#narrow/stream/113-sea/topic/tides/near/{id}"
    who = f'<span class="user-mention silent">Ann</span> <a href="{near}">said</a>'
    return f"<p>{who}:</p>\n<blockquote>x</blockquote>"


def test_a_quote_with_a_link_names_the_parent() -> None:
    """Of the same topic only, and only if it is one."""
    messages = [
        said(5),
        said(6),
        said(7, quote(5) + quote(5)),
        said(8, quote(5) + quote(6)),
        said(9, quote(99)),
    ]
    story, *rest = found(zulip, messages, "113-sea/tides.json")
    assert [one.parent for one in rest] == [story.id, story.id, "zulip-5", story.id, story.id]
    assert [one.evidence for one in rest] == [None, None, Evidence.QUOTE, None, None]


REALM = {
    "zerver_userprofile": [{"id": 8, "full_name": "Ann"}, {"id": 9, "full_name": "Bob"}, {"id": "x"}],
    "zerver_userprofile_crossrealm": [{"id": 2, "email": "welcome-bot@zulip.example"}],
    "zerver_stream": [{"id": 113, "name": "sea"}],
    "zerver_recipient": [
        {"id": 31, "type": 2, "type_id": 113},
        {"id": 32, "type": 1, "type_id": 9},
        {"id": 33, "type": 3, "type_id": 4},
    ],
}


def test_an_export_is_read_with_the_names_of_its_realm() -> None:
    rows = [(61, 8, 31, "tides"), (62, 9, 31, "tides"), (63, 8, 32, ""), (64, 2, 33, ""), (65, 7, 40, "lost")]
    messages = [
        {"id": id, "sender": sender, "recipient": to, "subject": subject, "content": "x", "date_sent": 1.5}
        for id, sender, to, subject in rows
    ]
    pieces = found(zulip, {"zerver_message": messages}, "messages-000001.json", {"realm.json": REALM})
    stories = [one for one in pieces if one.kind is Kind.STORY]
    assert [one.title for one in stories] == [
        "#sea > tides",
        "Direct messages: Ann, Bob",
        "Direct messages of group 4",
        "#recipient 40 > lost",
    ]
    authors = [one.author for one in pieces if one.kind is Kind.COMMENT]
    assert authors == [
        "Ann@zulip",
        "Bob@zulip",
        "Ann@zulip",
        "welcome-bot@zulip.example@zulip",
        "user 7@zulip",
    ]
    assert stories[0].id == found(zulip, [said(5)], "113-sea/tides.json")[0].id  # as an archive of it has it


@pytest.mark.parametrize("other", [REALM, [{"path": "a.png", "s3_path": "a.png", "realm_id": 1}]])
def test_tables_without_messages_say_nothing(other: Any) -> None:
    assert found(zulip, other, "realm.json") == []


# ---- Slack

USERS = [{"id": "U0ANN", "team_id": "T0", "name": "ann", "profile": {"display_name": "Ann of the Sea"}}]
CHANNELS = [
    {
        "id": "C0SEA",
        "name": "sea",
        "created": 1500000000,
        "is_general": True,
        "members": [],
        "topic": {"value": "All of the *sea*, see <#C0SEA> and <@U0ANN>"},
        "purpose": {"value": "tides"},
    }
]
BESIDE: dict[str, Any] = {"../users.json": USERS, "../channels.json": CHANNELS}


def message(ts: str = "1600000000.000100", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U0ANN", "text": "x", "ts": ts} | more


def test_names_come_from_the_lists_beside_the_folders() -> None:
    text = "<@U0ANN>, <@U0ANN|old>, <@U9> in <#C0SEA|was> and <#C9|sky>"
    story, one = found(slack, [message(text=text)], "export/sea/2020-09-13.json", BESIDE)
    assert (story.id, story.title) == ("slack-c0sea", "#sea")
    assert story.body == "Topic: All of the *sea*, see #sea and @ann\n\nPurpose: tides"
    assert story.created and story.created.epoch == 1500000000
    assert (one.id, one.author) == ("slack-c0sea-1600000000000100", "ann@slack")
    assert one.body == "@ann, @ann, <@U9> in #sea and <#C9|sky>"


def test_a_channel_without_lists_has_its_folders_name() -> None:
    story, one = found(slack, [message()], "a.zip/Sea Side/2020-09-13.json", {})
    assert (story.id, story.title, one.author) == ("slack-sea-side", "#Sea Side", "U0ANN@slack")


def test_direct_messages_are_called_by_who_writes_them() -> None:
    lists = {
        "../users.json": USERS,
        "../dms.json": [{"id": "D0AB", "created": 1, "members": ["U0ANN", "U0BOB"]}],
    }
    story = found(slack, [message()], "D0AB/2020-09-13.json", lists)[0]
    assert (story.id, story.title) == ("slack-d0ab", "Direct messages: ann, U0BOB")


def test_replies_find_the_thread_of_another_day() -> None:
    top = message("1600000000.000100", thread_ts="1600000000.000100", reply_count=1)
    reply = message("1600100000.000200", thread_ts="1600000000.000100")
    one = found(slack, [top], "sea/2020-09-13.json", BESIDE)[1]
    other = found(slack, [reply], "sea/2020-09-14.json", BESIDE)[1]
    assert (one.parent, other.parent) == ("slack-c0sea", one.id)


def test_what_slackdump_writes_has_its_lists_in_the_same_folder() -> None:
    lists = {"users.json": USERS, "channels.json": CHANNELS}
    dump = {"channel_id": "C0SEA", "name": "sea", "messages": [message(text="<@U0ANN>")]}
    story, one = found(slack, dump, "dump/C0SEA.json", lists)
    assert (story.id, story.title) == ("slack-c0sea", "#sea")
    assert (one.author, one.body) == ("ann@slack", "@ann")


# ---- Discourse


def post(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": 700 + number,
        "username": "ann",
        "post_number": number,
        "topic_id": 44,
        "cooked": "x",
    } | more


def test_posts_of_a_topic_in_several_files_belong_together() -> None:
    """Whether a file names the forum or not."""
    portrait = "/user_avatar/talk.tide.example/ann/{size}/3_2.png"
    top = found(discourse, post(1, topic_title="Tides", avatar_template=portrait), "1.json")
    reply = found(discourse, post(2, reply_to_post_number=1), "2.json")
    deeper = found(
        discourse, {"post_stream": {"posts": [post(3, reply_to_post_number=2)]}, "id": 44}, "3.json"
    )
    assert [one.id for one in top] == ["discourse-44"] * 2
    assert [one.parent for one in (*reply, *deeper)] == ["discourse-44", reply[0].id]
    assert top[0].title == "Tides"
    assert top[1].original == "https://talk.tide.example/t/-/44/1"
    assert reply[0].original is None


def test_topics_of_two_forums_with_one_number_are_told() -> None:
    stories = []
    for host in ("talk.tide.example", "wind.example"):
        portrait = f"/user_avatar/{host}/ann/{{size}}/3_2.png"
        stories += found(discourse, post(1, avatar_template=portrait), f"{host}.json")
    told = [one.reason for one in merge(stories, "discourse-44").problems if "shown as one" in one.reason]
    assert len(told) == 1 and "wind.example" in told[0] and "talk.tide.example" in told[0]
    assert not merge(stories[:1] * 2, "discourse-44").problems


def test_a_folder_of_a_host_is_part_of_addresses() -> None:
    portrait = "/talk/user_avatar/tide.example/ann/{size}/3_2.png"
    one = found(
        discourse, post(2, avatar_template=portrait, cooked='<a href="/talk/u/bob">bob</a>'), "1.json"
    )[0]
    assert one.original == "https://tide.example/talk/t/-/44/2"
    assert one.body == '<a href="https://tide.example/talk/u/bob">bob</a>'


def test_an_edit_is_a_second_version() -> None:
    """``updated_at`` changes for other reasons too."""
    for version, edited in ((1, False), (2, True)):
        one = found(discourse, post(2, version=version, updated_at="2021-03-09T12:00:00Z"), "1.json")[0]
        assert bool(one.edited) is edited


# ---- Discord


def channel(count: int = 3, **more: Any) -> dict[str, Any]:
    messages = [
        {"id": str(1064990775659729017 + one), "type": "Default", "content": "x " * 50, "isPinned": False}
        for one in range(count)
    ]
    told = {"id": "1064990764406419508", "type": "GuildTextChat", "name": "sea"}
    return {
        "guild": {"id": "7", "name": "Tides"},
        "channel": told | more,
        "messages": messages,
        "messageCount": count,
    }


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("sorted", [False, True])
def test_a_channel_is_read_in_any_layout(indent: int | None, sorted: bool) -> None:
    raw = json.dumps(channel(), indent=indent, sort_keys=sorted)
    assert readers.pick(Head(raw.encode())) is discord
    pieces = read(discord, raw)
    assert len(records(pieces)) == 4 and not problems(pieces)
    lines = raw.split("\n")
    for one in records(pieces)[1:]:
        assert one.id.removeprefix("discord-") in "".join(lines[one.origin.position - 1 :][:8])


def test_a_channel_of_any_size_is_read_message_by_message() -> None:
    class File(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            piece = super().read(size)
            File.most = max(File.most, self.tell())
            return piece

    file = File(json.dumps(channel(40_000)).encode())
    pieces = discord.read(file, "dump")
    for _ in range(10):
        next(pieces)
    assert File.most < file.getbuffer().nbytes / 3
    assert len(records(pieces)) == 40_001 - 10


@pytest.mark.parametrize(
    "kind, name, title",
    [
        ("GuildTextChat", "sea", "Tides: #sea"),
        ("GuildPublicThread", "How high?", "Tides: How high?"),
        ("DirectTextChat", "bob", "Tides: bob"),
    ],
)
def test_a_thread_and_the_message_it_began_with_are_two(kind: str, name: str, title: str) -> None:
    """A thread has the number of the message that it began with."""
    story, *messages = found(discord, channel(type=kind, name=name, id="1064990775659729017"), "x.json")
    assert story.title == title
    assert story.id not in {one.id for one in messages}


# ---- all of them

NAMES = (
    "id", "title", "fancy_title", "posts_count", "post_stream", "posts", "stream", "post_number",
    "topic_id", "topic_title", "reply_to_post_number", "username", "cooked", "raw", "created_at",
    "updated_at", "version", "hidden", "deleted_at", "user_deleted", "post_type", "action_code",
    "avatar_template", "link_counts", "internal", "url", "topic_list", "topics", "posters", "user_id",
    "users", "details", "participants", "slug", "sender_full_name", "timestamp", "content",
    "zerver_message", "sender", "recipient", "subject", "date_sent", "rendered_content", "last_edit_time",
    "display_recipient", "stream_id", "messages", "streams", "ts", "text", "user", "type", "subtype",
    "thread_ts", "edited", "files", "file", "attachments", "blocks", "elements", "fields", "value",
    "name", "bot_profile", "user_profile", "comment", "message", "mode", "guild", "channel", "author",
    "discriminator", "reference", "messageId", "channelId", "embeds", "stickers", "mentions",
    "forwardedMessage", "timestampEdited", "exportedAt", "description", "images", "components", "label",
    "fileName", "permalink", "initial_comment", "slackdump_thread_replies", "channel_id",
)  # fmt: skip
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.integers(1, 99).map(str)
    | st.integers(1, 9)
    | st.sampled_from(
        ["1600000000.000100", "2021-03-09T12:00:00Z", "Reply", "message", "\ud800", 2**70, 1e999]
    )
)
values = st.recursive(
    leaves,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(NAMES), below, max_size=6),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)
USUAL: Mapping[str, dict[str, Any]] = {
    "discourse": post(2),
    "zulip": said(5),
    "slack": message(),
    "discord": {"id": "1064990775659729017", "content": "x", "author": {"name": "ann"}},
}


@settings(max_examples=150)
@given(st.lists(objects, max_size=3), objects)
@example([], {"id": math.nan, "timestamp": math.inf, "date_sent": math.nan, "version": 1e300})
@example([], {"thread_ts": "1600000000.000100", "attachments": [{"fields": [None]}], "files": {"a": 1}})
@pytest.mark.parametrize("reader", [discord, discourse, slack, zulip], ids=lambda reader: reader.NAME)
def test_any_type_in_any_field(reader: Any, items: list[Any], odd: dict[str, Any]) -> None:
    good = USUAL[reader.NAME] | odd
    for value in ([*items, good], {"guild": odd, "channel": odd, "messages": [*items, good]}, *items):
        check(read(reader, json.dumps(value)))
    check(read(reader, json.dumps({"post_stream": {"posts": [*items, good]}, **odd})))
    check(read(reader, json.dumps({"zerver_message": [*items, good]})))


@settings(max_examples=80)
@given(values)
@example(
    {"streams": {"a": {"id": 1, "topic_data": {"b": 1, "\ud800": 2}}, "\ud800": {"id": 1, "topic_data": {}}}}
)
def test_any_lists_beside(value: Any) -> None:
    raw = json.dumps(value).encode()
    wrapped = json.dumps(dict.fromkeys(REALM, value)).encode()
    for reader, names in ((slack, slack.BESIDE), (zulip, zulip.BESIDE)):
        for beside in (raw, wrapped, b"[1", b"\xff"):
            file = io.BytesIO(json.dumps([USUAL[reader.NAME]]).encode())
            check(list(reader.read(file, "dump", dict.fromkeys(names, beside))))


def test_every_reader_keeps_the_dialect_of_its_texts() -> None:
    dialects = {
        found(reader, [USUAL[reader.NAME]], "x/y.json")[-1].dialect for reader in (discourse, slack, zulip)
    }
    assert dialects == {Dialect.HTML, Dialect.SLACK}
