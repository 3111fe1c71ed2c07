"""Bring a database to the newest schema; say at which level it runs."""

from __future__ import annotations

import enum
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine

HERE = Path(__file__).resolve().parent
EXTENSION = "create extension if not exists timescaledb schema public"
ROLES = ("admin", "writer", "reader")


class Capability(enum.StrEnum):
    """What the server can do. Tables and views have the same names at every level."""

    COMMUNITY = "community"
    APACHE = "apache"
    POSTGRESQL = "postgresql"


ALOUD = {
    Capability.COMMUNITY: "TimescaleDB Community: tổng hợp liên tục, nén, tự xoá (continuous aggregates, compression, retention)",
    Capability.APACHE: "TimescaleDB Apache: siêu bảng, tự tổng hợp và tự xoá bằng housekeeper (hypertables, own roll-ups)",
    Capability.POSTGRESQL: "PostgreSQL thường: bảng thường, tự tổng hợp và tự xoá bằng housekeeper (plain tables)",
}


def probe(admin_dsn: str) -> Capability:
    """Ask the server: is the extension there, and under which licence does it run?"""
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        row = connection.execute(
            "select 1 from pg_available_extensions where name = 'timescaledb'"
        ).fetchone()
        if row is None:
            return Capability.POSTGRESQL
        try:
            connection.execute(EXTENSION)
        except psycopg.Error:
            # Installed on disk, but not preloaded: the server says so, and plain tables serve.
            return Capability.POSTGRESQL
        row = connection.execute("select current_setting('timescaledb.license', true)").fetchone()
        return Capability.COMMUNITY if row and row[0] == "timescale" else Capability.APACHE


def migrate(admin_dsn: str, passwords: dict[str, str], level: Capability | None = None) -> str:
    """Create or upgrade the schema `phusa`, its roles and their rights; harmless when repeated.

    `admin_dsn` is a superuser on the database; `passwords` has admin, writer, reader. A level
    that was chosen once is kept; `level` forces one on an empty database (tests).
    """
    found = _kept(admin_dsn) or level or probe(admin_dsn)
    if found is not Capability.POSTGRESQL:
        with psycopg.connect(admin_dsn, autocommit=True) as connection:
            connection.execute(EXTENSION)
    _roles(admin_dsn, passwords)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(admin_dsn))
    config = Config(attributes={"level": found.value})
    config.set_main_option("script_location", str(HERE))
    with engine.connect() as connection:
        connection.exec_driver_sql("create schema if not exists phusa")
        connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    _rights(admin_dsn)
    return found.value


def _kept(admin_dsn: str) -> Capability | None:
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        row = connection.execute("select to_regclass('phusa.capability')").fetchone()
        if row is None or row[0] is None:
            return None
        row = connection.execute("select level from phusa.capability").fetchone()
        return None if row is None else Capability(row[0])


def _roles(admin_dsn: str, passwords: dict[str, str]) -> None:
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        for one in ROLES:
            role = sql.Identifier(f"phusa_{one}")
            known = connection.execute(
                "select 1 from pg_roles where rolname = %s", [f"phusa_{one}"]
            ).fetchone()
            verb = sql.SQL("alter" if known else "create")
            connection.execute(
                sql.SQL("{} role {} login password {}").format(verb, role, sql.Literal(passwords[one]))
            )
            connection.execute(sql.SQL("alter role {} set search_path = phusa, public").format(role))
            connection.execute(sql.SQL("alter role {} set timezone = 'Asia/Ho_Chi_Minh'").format(role))


def _rights(admin_dsn: str) -> None:
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute((HERE / "sql" / "rights.sql").read_text(encoding="utf-8"))
