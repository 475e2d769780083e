"""How our own server listens and how much of the machine it takes."""

from __future__ import annotations

import contextlib
import os
import socket

from fugong.config.postgres_binaries import PostgresError

HOST = "127.0.0.1"


def choose_port(wanted: int | None) -> int:
    """`wanted` when it is free, else any free port of 127.0.0.1."""
    for port in [wanted, 0] if wanted else [0]:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
    raise PostgresError(f"No port is free on {HOST}.")


def server_settings(port: int, durable: bool) -> dict[str, str | float]:
    """The server's settings, for a machine of two cores; memory follows the machine, in MB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings: dict[str, str | float] = {
        "listen_addresses": HOST,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 100,
        "shared_buffers": f"{max(32, min(512, memory // 8))}MB",
        "effective_cache_size": f"{max(128, min(4096, memory // 2))}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "4GB",
        "random_page_cost": 1.1,
        "jit": "off",  # compiling costs more than it saves in statements of some milliseconds
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_filename": "server-%a.log",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
        }
    return settings
