"""Alembic's entry: runs the steps on the connection that the runner hands over."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="phusa",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
