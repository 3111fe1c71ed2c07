"""Stores of a test's own on the real server: empty, migrated, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from infra.run.migrations.runner import Capability, migrate


@contextmanager
def empty_store(
    server_dsn: str, secrets: dict[str, str], name: str, level: Capability | None = None
) -> Iterator[str]:
    """An empty, migrated database `name`; yields the DSN of its administrator."""
    identifier = sql.Identifier(name)
    drop = sql.SQL("drop database if exists {} with (force)").format(identifier)
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("create database {}").format(identifier))
    admin = psycopg.conninfo.make_conninfo(server_dsn, dbname=name)
    assert migrate(admin, secrets, level) in ([level.value] if level else list(Capability))
    yield admin
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute(drop)


def as_role(admin: str, secrets: dict[str, str], role: str) -> str:
    """The DSN of a role (writer, reader) on the same database."""
    return psycopg.conninfo.make_conninfo(admin, user=f"phusa_{role}", password=secrets[role])
