"""AsyncAPI 3.0 of the Kafka topics: what travels on them, under which key, for how long."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import yaml

from connectors.kafka.topics import TOPICS, Topic
from infra.run.contracts.descriptions import TYPES, both, describe
from infra.run.contracts.examples import EXAMPLES
from models.envelope.reading import SCHEMA_VERSION

BINDING = "0.5.0"
"""Version of AsyncAPI's Kafka binding."""
MS_AN_HOUR = 3_600_000
OPERATIONS = (
    ("bridge", "send", "readings"),
    ("bridge", "send", "rejected"),
    ("intake", "send", "readings"),
    ("intake", "send", "rejected"),
    ("intake", "receive", "rejected"),
    ("endpoint", "send", "payments"),
    ("capture", "send", "frames"),
    ("telemetry", "receive", "readings"),
    ("telemetry", "send", "observations"),
    ("telemetry", "send", "testimony"),
    ("telemetry", "send", "alerts"),
    ("telemetry", "send", "rejected"),
    ("cameras", "receive", "frames"),
    ("cameras", "send", "observations"),
    ("cameras", "send", "testimony"),
    ("cameras", "send", "alerts"),
    ("cameras", "send", "rejected"),
    ("payments", "receive", "payments"),
    ("payments", "send", "alerts"),
    ("payments", "send", "rejected"),
    ("places", "receive", "testimony"),
    ("places", "send", "alerts"),
    ("places", "send", "rejected"),
    ("alerts", "receive", "alerts"),
    ("alerts", "send", "rejected"),
    ("delivery", "send", "receipts"),
    ("delivery", "receive", "receipts"),
    ("delivery", "send", "replies"),
    ("delivery", "receive", "replies"),
)
"""Which process does what; delivery keeps what it refuses in the store."""
_HEADER = "# Made by `python -m infra.run.contracts --write` from the types; not edited by hand.\n"


class _Plain(yaml.SafeDumper):
    """Writes equal parts out each time, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml() -> str:
    """The document as text."""
    return as_yaml(document())


def as_yaml(found: dict[str, Any]) -> str:
    """A generated document as a file."""
    made = yaml.dump(found, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)
    return _HEADER + str(made)


def document() -> dict[str, Any]:
    """The whole document."""
    schemas = msgspec.json.schema_components(
        [value for topic in TOPICS for value in topic.values], ref_template="#/components/schemas/{name}"
    )[1]
    describe(schemas)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Phù Sa",
            "version": f"{SCHEMA_VERSION}.0.0",
            "description": "Các chủ đề Kafka của xã: từ trạm đo đến tin nhắn.\n"
            "The commune's Kafka topics, from the station to the message.",
            "license": {"name": "AGPL-3.0-only"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {"-".join(operation): _operation(*operation) for operation in OPERATIONS},
        "components": {
            "messages": {
                value.__name__: _message(topic, value) for topic in TOPICS for value in topic.values
            },
            "schemas": schemas,
        },
    }


def _server() -> dict[str, Any]:
    return {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "PHUSA_KAFKA",
        "variables": {"bootstrap": {"default": "127.0.0.1:19001", "description": "host:port"}},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    names = [value.__name__ for value in topic.values]
    return {
        "address": topic.name,
        "description": both((" ".join(TYPES[name] for name in names), f"Key: {topic.key}.")),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "replicas": 1,
                "topicConfiguration": {
                    "cleanup.policy": [topic.cleanup],
                    "retention.ms": round(topic.retention_h * MS_AN_HOUR),
                    "max.message.bytes": topic.max_message_bytes,
                },
                "bindingVersion": BINDING,
            }
        },
    }


def _operation(who: str, action: str, name: str) -> dict[str, Any]:
    channel = f"#/channels/{name}"
    values = next(topic.values for topic in TOPICS if topic.name == name)
    return {
        "action": action,
        "channel": {"$ref": channel},
        "summary": f"phusa run {who}",
        "messages": [{"$ref": f"{channel}/messages/{value.__name__}"} for value in values],
    }


def _message(topic: Topic, value: type) -> dict[str, Any]:
    name = value.__name__
    return {
        "name": name,
        "title": name,
        "contentType": topic.content,
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": BINDING}
        },
        "examples": [
            {"name": key, "payload": json.loads(msgspec.json.encode(one))}
            for key, one in EXAMPLES[topic.name].items()
            if type(one) is value
        ],
    }
