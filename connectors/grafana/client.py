"""Bring the data source and the dashboards into a Grafana that already runs.

Repeating it is harmless: everything has a fixed uid and is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from grafana_client import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException, GrafanaUnauthorizedError
from niquests.exceptions import RequestException

if TYPE_CHECKING:
    from connectors.settings import Settings

FOLDER = "phusa"
TITLE = "Phù Sa"
SOURCE = "phusa"
NOT_FOUND = 404
CONFLICT = 412
TIMEOUT_S = 10.0


class GrafanaError(RuntimeError):
    """Grafana did not take it; the text says what to look at."""


@dataclass(frozen=True)
class GrafanaSettings:
    """Address, a service account's token with the role Admin, and the store as the reader sees it."""

    url: str
    token: str
    database: dict[str, str]

    @classmethod
    def of(cls, settings: Settings) -> GrafanaSettings:
        """From the settings; the token from PHUSA_GRAFANA_TOKEN or the secret file `grafana_token`."""
        if settings.grafana is None:
            msg = "đặt PHUSA_GRAFANA, ví dụ http://127.0.0.1:3000 (set PHUSA_GRAFANA to Grafana's address)"
            raise GrafanaError(msg)
        path = settings.secrets_dir / "grafana_token"
        if settings.grafana_token is not None:
            token = settings.grafana_token.get_secret_value()
        elif path.exists():
            token = path.read_text(encoding="utf-8").strip()
        else:
            msg = f"thiếu mã dịch vụ của Grafana: PHUSA_GRAFANA_TOKEN hoặc {path} (service account token missing)"
            raise GrafanaError(msg)
        found = psycopg.conninfo.conninfo_to_dict(settings.dsn("reader"))
        return cls(settings.grafana, token, {key: str(value) for key, value in found.items()})


def apply(settings: GrafanaSettings, dashboards: list[dict[str, Any]]) -> list[str]:
    """Make folder, data source and dashboards; returns what was done, in words."""
    api = GrafanaApi.from_url(settings.url, credential=settings.token, timeout=TIMEOUT_S)
    try:
        done = [_folder(api), _source(api, settings)]
        done += [_dashboard(api, dashboard) for dashboard in dashboards]
    except GrafanaUnauthorizedError as error:
        msg = f"{settings.url}: mã dịch vụ bị từ chối (the token was refused; it needs the role Admin)"
        raise GrafanaError(msg) from error
    except (GrafanaException, RequestException) as error:
        msg = f"{settings.url}: {error}"
        raise GrafanaError(msg) from error
    return done


def _folder(api: GrafanaApi) -> str:
    try:
        api.folder.create_folder(TITLE, FOLDER)
    except GrafanaClientError as error:
        # Grafana says 409 or 412 for a folder that stands, by version.
        if error.status_code not in (409, CONFLICT):
            raise
        return f"thư mục {TITLE}: đã có (stands)"
    return f"thư mục {TITLE}: tạo mới (created)"


def _source(api: GrafanaApi, settings: GrafanaSettings) -> str:
    wanted = source(settings.database)
    try:
        api.datasource.update_datasource_by_uid(SOURCE, wanted)
    except GrafanaClientError as error:
        if error.status_code != NOT_FOUND:
            raise
        api.datasource.create_datasource(wanted)
        return "nguồn dữ liệu: tạo mới (created)"
    return "nguồn dữ liệu: cập nhật (updated)"


def source(database: dict[str, str]) -> dict[str, Any]:
    """The data source: the reader role; TLS as our own processes use it, none where no authority is named."""
    secure = {"sslmode": database.get("sslmode", "disable")}
    if "sslrootcert" in database:
        # A file of Grafana's own machine, at the same path.
        secure |= {"tlsConfigurationMethod": "file-path", "sslRootCertFile": database["sslrootcert"]}
    return {
        "uid": SOURCE,
        "name": TITLE,
        "type": "postgres",
        "access": "proxy",
        "isDefault": True,
        "url": f"{database.get('host', '127.0.0.1')}:{database.get('port', '5432')}",
        "user": database["user"],
        "database": database["dbname"],
        "jsonData": {"database": database["dbname"], **secure, "postgresVersion": 1500},
        "secureJsonData": {"password": database["password"]},
    }


def _dashboard(api: GrafanaApi, dashboard: dict[str, Any]) -> str:
    api.dashboard.update_dashboard(
        {"dashboard": dashboard, "folderUid": FOLDER, "overwrite": True, "message": "phusa grafana apply"}
    )
    return f"màn hình {dashboard['title']}: cập nhật (applied)"
