"""Ports: who is free, who answers."""

from __future__ import annotations

import errno
import socket

from infra.run.stack.voice import StackError

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback now."""
    with socket.socket() as probe:
        # As servers do: a port whose old connections linger in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def answers(host: str, port: int, timeout_s: float = 2.0) -> bool:
    """Whether something accepts a connection there."""
    try:
        socket.create_connection((host, port), timeout_s).close()
    except OSError:
        return False
    return True


def require_free(wanted: dict[str, int], port_base: int) -> None:
    """Raise StackError that names every busy port, its server, and the setting that moves it."""
    busy = {name: port for name, port in wanted.items() if not is_free(port)}
    if not busy:
        return
    names = ", ".join(f"{port} ({name})" for name, port in busy.items())
    raise StackError(
        f"Cổng đang bận: {names}. Dời cả cụm bằng PHUSA_PORT_BASE (đang là {port_base}), "
        f"ví dụ: PHUSA_PORT_BASE={port_base + 100}",
        f"Busy port: {names}. Move all of them with PHUSA_PORT_BASE (now {port_base}), "
        f"e.g. PHUSA_PORT_BASE={port_base + 100}",
    )
