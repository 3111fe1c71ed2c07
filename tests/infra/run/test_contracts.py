"""The committed contracts are what the types say, and what is written and sent keeps to them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from connectors.commune import FILES
from connectors.kafka.topics import TOPICS, Topic
from connectors.settings import ROOT
from infra.run.contracts import __main__ as contracts
from infra.run.contracts.examples import EXAMPLES

CONTRACTS = ROOT / "infra" / "run" / "contracts"
FORMATS = FormatChecker(["date"])
DOCUMENT: dict[str, Any] = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text(encoding="utf-8"))
PROPERTIES = [
    (name, field, part)
    for name, schema in DOCUMENT["components"]["schemas"].items()
    for field, part in schema.get("properties", {}).items()
]


def schema_of(name: str) -> dict[str, Any]:
    path = CONTRACTS / "commune" / f"{name}.schema.json"
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made


def payload_schema(value: type) -> dict[str, Any]:
    """The message's schema with all that it points to."""
    return {"$ref": f"#/components/schemas/{value.__name__}", "components": DOCUMENT["components"]}


def found_at(pointer: str) -> Any:
    part: Any = DOCUMENT
    for key in pointer.removeprefix("#/").split("/"):
        part = part[key]
    return part


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [reference for each in part for reference in references(each)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [reference for each in part.values() for reference in references(each)]


def test_the_committed_contracts_are_what_the_types_say() -> None:
    assert contracts.drift() == []
    assert contracts.main(["--check"]) == 0


def test_drift_is_told_and_mended(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contracts, "HERE", tmp_path)
    assert contracts.main(["--check"]) == 1
    assert contracts.main(["--write"]) == 0
    (tmp_path / "asyncapi.yaml").write_text("asyncapi: 2.0.0\n", encoding="utf-8")

    assert [path.name for path in contracts.drift()] == ["asyncapi.yaml"]
    assert contracts.main(["--check"]) == 1


def test_no_contract_is_left_over() -> None:
    standing = set((CONTRACTS / "commune").iterdir()) | set(CONTRACTS.glob("*.yaml"))

    assert standing == set(contracts.contracts())


@pytest.mark.parametrize("name", FILES)
def test_the_example_commune_keeps_to_the_published_schema(name: str) -> None:
    text = (ROOT / "infra" / "commune" / f"{name}.yaml").read_text(encoding="utf-8")
    # As the editor reads it: JSON knows no days.
    data = json.loads(json.dumps(yaml.safe_load(text), default=str))

    Draft202012Validator.check_schema(schema_of(name))
    Draft202012Validator(schema_of(name), format_checker=FORMATS).validate(data)
    assert text.splitlines()[0] == f"# yaml-language-server: $schema=../contracts/commune/{name}.schema.json"


@pytest.mark.parametrize("name", FILES)
def test_the_published_schema_refuses_a_field_of_ones_own(name: str) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(schema_of(name)).validate({"colour": "red"})


@pytest.mark.parametrize("name", FILES)
def test_every_field_is_explained_in_both_languages(name: str) -> None:
    for part in schema_of(name)["$defs"].values():
        words = [part, *(one for one in part.get("properties", {}).values() if "$ref" not in one)]
        assert all(len(word["description"].split("\n")) == 2 for word in words)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.name)
def test_the_document_says_how_the_topic_is_made(topic: Topic) -> None:
    channel = DOCUMENT["channels"][topic.name]

    assert channel["address"] == topic.name
    assert channel["bindings"]["kafka"] == {
        "topic": topic.name,
        "partitions": topic.partitions,
        "replicas": 1,
        "topicConfiguration": {
            "cleanup.policy": [topic.cleanup],
            "retention.ms": round(topic.retention_h * 3_600_000),
            "max.message.bytes": topic.max_message_bytes,
        },
        "bindingVersion": "0.5.0",
    }
    message = DOCUMENT["components"]["messages"][topic.value.__name__]
    assert message["bindings"]["kafka"]["key"]["description"] == topic.key


def test_every_topic_is_sent_and_only_ends_are_not_received() -> None:
    done = {(one["action"], one["channel"]["$ref"].split("/")[-1]) for one in DOCUMENT["operations"].values()}
    names = {topic.name for topic in TOPICS}

    assert {name for action, name in done if action == "send"} == names
    # `observations` is for others; `rejected` is read by the intake, which keeps what no flow keeps itself.
    assert names - {name for action, name in done if action == "receive"} == {"observations"}


def test_every_reference_leads_somewhere() -> None:
    assert references(DOCUMENT)
    for pointer in references(DOCUMENT):
        assert found_at(pointer) is not None


MESSAGES = [(topic, value) for topic in TOPICS for value in topic.values]
NAMES = [value.__name__ for _, value in MESSAGES]
a_message = pytest.mark.parametrize(
    ("topic", "value"), MESSAGES, ids=[value.__name__ for _, value in MESSAGES]
)


@pytest.mark.parametrize(("topic", "value"), MESSAGES, ids=NAMES)
def test_an_example_fits_its_schema_and_is_read_as_its_type(topic: Topic, value: type) -> None:
    examples = DOCUMENT["components"]["messages"][value.__name__]["examples"]
    assert examples

    for example in examples:
        Draft202012Validator(payload_schema(value)).validate(example["payload"])
        read: object = msgspec.json.decode(json.dumps(example["payload"]), type=value)
        assert read == EXAMPLES[topic.name][example["name"]]


@pytest.mark.parametrize("value", [value for _, value in MESSAGES], ids=NAMES)
def test_a_message_without_a_field_fits_no_schema(value: type) -> None:
    (example, *_) = DOCUMENT["components"]["messages"][value.__name__]["examples"]
    for field in msgspec.structs.fields(value):
        less = {key: value for key, value in example["payload"].items() if key != field.name}
        assert bool(list(Draft202012Validator(payload_schema(value)).iter_errors(less))) is field.required


@pytest.mark.parametrize(
    ("name", "field", "part"), PROPERTIES, ids=[f"{property_[0]}.{property_[1]}" for property_ in PROPERTIES]
)
def test_every_field_of_a_message_is_explained(name: str, field: str, part: dict[str, Any]) -> None:
    assert "$ref" in part or len(part["description"].splitlines()) == 2, f"{name}.{field}"


def test_no_example_holds_a_phone_number() -> None:
    for examples in EXAMPLES.values():
        for example in examples.values():
            assert not {"phone", "to", "msisdn"} & set(example.__struct_fields__)
