"""How every client of ours reaches Kafka: address, TLS, user. The one place that writes this part of librdkafka's configuration.

A process has one Kafka: its security is that of the process's settings (PHUSA_KAFKA_CA, PHUSA_KAFKA_USER), whatever
made the client.
"""

from __future__ import annotations

from typing import Any

from connectors.settings import Settings, settings


def client_settings(bootstrap: str, own: Settings | None = None) -> dict[str, Any]:
    """The configuration to begin a producer, consumer or admin client with; `own` instead of the process's settings.

    With an authority the broker must show a certificate of it that names the host in `bootstrap`. Raises
    FileNotFoundError when the user's secret file is not there.
    """
    chosen = settings() if own is None else own
    if chosen.kafka_ca is None:
        return {"bootstrap.servers": bootstrap}
    found = {
        "bootstrap.servers": bootstrap,
        "security.protocol": "SSL",
        "ssl.ca.location": str(chosen.kafka_ca),
        "ssl.endpoint.identification.algorithm": "https",
    }
    if chosen.kafka_user is None:
        return found
    return found | {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": chosen.kafka_mechanism,
        "sasl.username": chosen.kafka_user,
        "sasl.password": chosen.secret("kafka_client"),
    }
