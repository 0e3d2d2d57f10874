"""The contract of docs/asyncapi.yaml: which payloads may stand on a topic, and whether one does. For every test that sees bytes go by."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from kiosk.messages.topics import Leaf, parse_topic

PATH = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
CONTRACT: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))


class ContractBroken(AssertionError):
    """Something was sent that the contract does not allow."""


@cache
def schemas_of(leaf: Leaf) -> tuple[Draft202012Validator, ...]:
    """What may stand on this leaf: one schema a message of its channel. Members that the contract does not name are refused here."""
    (channel,) = [channel for channel in CONTRACT["channels"].values() if channel["address"].endswith(f"/{leaf}")]
    names = [message["$ref"].rsplit("/", 1)[1] for message in channel["messages"].values()]
    return tuple(
        Draft202012Validator({"components": CONTRACT["components"], "$ref": f"#/components/schemas/{name}", "unevaluatedProperties": False})
        for name in names
    )


@cache
def is_retained(leaf: Leaf) -> bool:
    """Whether the contract wants what a station sends on this leaf to be kept by the broker."""
    (channel,) = [name for name, channel in CONTRACT["channels"].items() if channel["address"].endswith(f"/{leaf}")]
    (operation,) = [found for found in CONTRACT["operations"].values() if found["channel"]["$ref"] == f"#/channels/{channel}"]
    return bool(operation["bindings"]["mqtt"].get("retain", False))


def keeps_to_it(topic: str, content: bytes) -> None:
    """Raises ContractBroken unless this is a payload of that topic."""
    allowed = schemas_of(parse_topic(topic).leaf)
    found = json.loads(content)
    if not any(schema.is_valid(found) for schema in allowed):
        raise ContractBroken(f"{topic}: {[error.message[:200] for schema in allowed for error in schema.iter_errors(found)]}")
