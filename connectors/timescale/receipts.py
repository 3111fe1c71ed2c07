"""What gateways say later of a message that they took: delivered, failed, its price. SQL only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from models.alerting.receipt import Outcome, Receipt

if TYPE_CHECKING:
    from psycopg import AsyncConnection


async def apply_receipt(connection: AsyncConnection[Any], receipt: Receipt) -> bool:
    """Mark what the receipt says; True if the notification is known. A repeated receipt changes nothing."""
    if not receipt.key:
        key = await _key_of(connection, receipt)
        return key is not None and await apply_receipt(connection, msgspec.structs.replace(receipt, key=key))
    if receipt.price_vnd is not None:
        await connection.execute(
            """
            update attempt set price_vnd = %s where notification = %s and n = (
              select max(n) from attempt where notification = %s and channel = %s)
            """,
            [receipt.price_vnd, receipt.key, receipt.key, receipt.source],
        )
    if receipt.outcome is Outcome.DELIVERED:
        query = """
            update notification set state = 'delivered', delivered_at = coalesce(delivered_at, %s),
              price_vnd = coalesce(%s, price_vnd), message = coalesce(message, nullif(%s, '')) where id = %s returning id
            """
        values: list[object] = [receipt.at, receipt.price_vnd, receipt.message, receipt.key]
    elif receipt.outcome is Outcome.FAILED:
        # Due at once: the delivery falls back to the next channel, or gives up by name.
        query = """
            update notification set failed = %s, price_vnd = coalesce(%s, price_vnd), next_at = now()
            where id = %s and state in ('sent', 'doubt', 'sending') and channel = %s returning id
            """
        values = [receipt.reason, receipt.price_vnd, receipt.key, receipt.source]
    else:
        query = "select id from notification where id = %s"
        values = [receipt.key]
    cursor = await connection.execute(query, values)
    return await cursor.fetchone() is not None


async def _key_of(connection: AsyncConnection[Any], receipt: Receipt) -> str | None:
    """Our key of what a gateway calls by its own id."""
    cursor = await connection.execute(
        "select notification from attempt where channel = %s and message = %s order by started_at desc limit 1",
        [receipt.source, receipt.message],
    )
    row = await cursor.fetchone()
    return None if row is None else str(row[0])
