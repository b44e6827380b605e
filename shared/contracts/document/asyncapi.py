"""The AsyncAPI 3.0 document of the contract, made from registry, schemas, examples and `guide.md`.

``python -m shared.contracts.document.asyncapi`` prints it; ``--write`` keeps it in `../asyncapi.yaml`.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from shared.contracts.document.channels import CHANNELS, OPERATIONS, Channel, Operation
from shared.contracts.document.json_schema import schemas
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.registry import EVENTS, Contract
from shared.contracts.sentences import SENTENCES

HERE = Path(__file__).parent
CONTRACTS = HERE.parent
EXAMPLES = CONTRACTS / "examples"
FILE = CONTRACTS / "asyncapi.yaml"
VERSION = "1.0.0"
BINDING = {"bindingVersion": "0.3.0"}
Json = dict[str, Any]


def document() -> Json:
    """The whole document, as the object that the YAML holds."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:vigie",
        "info": {
            "title": "Vigie",
            "version": VERSION,
            "description": _guide(),
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": _servers(),
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {operation.name: _operation(operation) for operation in OPERATIONS},
        "components": {
            "securitySchemes": {
                "user": {
                    "type": "userPassword",
                    "description": "A RabbitMQ user for each tool, given by the operator.",
                }
            },
            "messages": {_message_name(contract): _message(contract) for contract in EVENTS.values()},
            "schemas": {**schemas(), "Properties": PROPERTIES},
        },
    }


def text() -> str:
    """The document as YAML."""
    return yaml.dump(document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


PROPERTIES: Json = {
    "type": "object",
    "description": "AMQP properties of a message (they are not headers of the table `headers`).",
    "required": ["content_type", "message_id", "type", "user_id"],
    "properties": {
        "content_type": {"type": "string", "const": CONTENT_TYPE},
        "message_id": {"type": "string", "description": "The event's `id`."},
        "type": {"type": "string", "description": "The event's `type`."},
        "user_id": {"type": "string", "description": "The sender's RabbitMQ user; the broker checks it."},
        "delivery_mode": {"type": "integer", "const": 2},
        "reply_to": {"type": "string", "description": "`amq.rabbitmq.reply-to`, or nothing."},
        "correlation_id": {"type": "string", "description": "Given back in the answer."},
    },
}


_CODES = re.compile(r"<!-- codes -->.*?<!-- /codes -->", re.DOTALL)


def _guide() -> str:
    rows = [f"| `{code}` | {sentence.en} |" for code, sentence in SENTENCES.items()]
    table = "\n".join(["| code | what it says |", "|---|---|", *rows])
    text, codes = (HERE / "guide.md").read_text("utf-8"), table.replace("{limit}", "*n*")
    return _CODES.sub(lambda _: codes, text)


def _servers() -> Json:
    return {
        "production": {
            "host": "rabbitmq.example.org:5671",
            "pathname": "/vigie",
            "protocol": "amqps",
            "protocolVersion": "0.9.1",
            "description": "The operator gives the address. The path is the virtual host.",
            "security": [{"$ref": "#/components/securitySchemes/user"}],
        },
        "local": {
            "host": "127.0.0.1:{port}",
            "pathname": "/vigie",
            "protocol": "amqp",
            "protocolVersion": "0.9.1",
            "description": "After `make up`, whole addresses with users are in `.local/connections.env`.",
            "variables": {"port": {"default": "5672", "description": "Another in each checkout."}},
            "security": [{"$ref": "#/components/securitySchemes/user"}],
        },
    }


def _channel(channel: Channel) -> Json:
    result: Json = {"address": channel.address, "title": channel.title, "description": channel.description}
    if channel.parameters:
        result["parameters"] = {name: {"description": said} for name, said in channel.parameters.items()}
    contracts = [EVENTS[type_] for type_ in channel.types]
    result["messages"] = {
        _message_name(contract): {"$ref": f"#/components/messages/{_message_name(contract)}"}
        for contract in contracts
    }
    result["bindings"] = {"amqp": {**channel.binding, **BINDING}}
    return result


def _operation(operation: Operation) -> Json:
    result: Json = {
        "action": operation.action,
        "title": operation.title,
        "description": operation.description,
        "channel": {"$ref": f"#/channels/{operation.channel}"},
        "messages": _messages(operation.channel, operation.types),
        "bindings": {"amqp": {"deliveryMode": 2, **operation.binding, **BINDING}},
    }
    if operation.reply_channel:
        result["reply"] = {
            "address": {
                "location": "$message.header#/reply_to",
                "description": "RabbitMQ's direct reply-to.",
            },
            "channel": {"$ref": f"#/channels/{operation.reply_channel}"},
            "messages": _messages(operation.reply_channel, operation.replies),
        }
    return result


def _messages(channel: str, types: Iterable[str]) -> list[Json]:
    return [{"$ref": f"#/channels/{channel}/messages/{_message_name(EVENTS[type_])}"} for type_ in types]


def _message(contract: Contract) -> Json:
    return {
        "name": contract.type,
        "title": contract.type,
        "summary": contract.summary,
        "description": f"Said by: {contract.producer}.",
        "contentType": CONTENT_TYPE,
        "headers": {"$ref": "#/components/schemas/Properties"},
        "correlationId": {"location": "$message.header#/correlation_id"},
        "payload": _payload(contract),
        "bindings": {"amqp": {"messageType": contract.type, **BINDING}},
        "examples": [
            {"name": path.stem, "payload": json.loads(path.read_bytes())}
            for path in sorted((EXAMPLES / contract.type).glob("*.json"))
        ],
    }


def _payload(contract: Contract) -> Json:
    payload: Json = {
        "allOf": [{"$ref": "#/components/schemas/Event"}],
        "properties": {
            "type": {"const": contract.type},
            "data": {"$ref": f"#/components/schemas/{contract.schema.__name__}"},
        },
    }
    if contract.needs:
        payload["required"] = list(contract.needs)
    payload["properties"] |= {name: {"type": "null"} for name in contract.refuses}
    return payload


def _message_name(contract: Contract) -> str:
    return contract.schema.__name__


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, and nothing by reference: the file is for reading."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _block(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _block)


def main(arguments: list[str]) -> None:
    """Print the document, or write it to its file."""
    if arguments == ["--write"]:
        FILE.write_text(text(), "utf-8")
    else:
        sys.stdout.write(text())


if __name__ == "__main__":
    main(sys.argv[1:])
