"""What is wrong in `contacts.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import all_stand, once, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Contact
    from models.envelope.mistake import Mistake


def contact_mistakes(contacts: Sequence[Contact], *, hamlets: Sequence[str]) -> Iterator[Mistake]:
    """Contacts of no hamlet, told of nothing or by no channel, or with a kind or a channel twice; `hamlets` are codes."""
    yield from once(("contacts",), "id", (contact.id for contact in contacts))
    for i, contact in enumerate(contacts):
        path = ("contacts", i)
        yield from all_stand((*path, "hamlets"), contact.hamlets, "hamlets", hamlets)
        for key, values in (("kinds", contact.kinds), ("channels", contact.channels)):
            if not values:
                yield wrong((*path, key), "[]", f"ít nhất một mục trong {key}", f"at least one of {key}")
            yield from once((*path, key), "", (value.value for value in values))
