"""Ground of one's own on the running servers: a vhost, four databases, a bucket, a mailbox."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import urllib3
from minio import Minio

from deploy.local import ports, services
from shared.amqp.management import Management
from shared.messaging import deployer
from shared.settings import SERVICES, WEBS
from tests.support import names, told
from tests.support.databases import Databases
from tests.support.mailbox import Mailbox


class Ground:
    """What a whole Vigie needs beside its processes. `values`: its connections, as in connections.env."""

    def __init__(self, running: dict[str, str], databases: Databases, folder: Path) -> None:
        self.name = names.unique()
        self.folder = folder
        self._databases = databases
        self._bucket = Bucket(running["S3_URL"], self.name)
        self.mailbox = Mailbox(_made(folder / "mail"))
        self.values = running | self._places(running) | self._amqp(running)
        self._apply_broker()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything again; fails where a service has told what its contract does not allow."""
        self.mailbox.stop()
        self._bucket.remove()
        with Management(self.values["ADMIN_API_URL"]) as api:
            api.delete("vhosts", self.name)
        urls = [self.values[f"{service.upper()}_DATABASE_URL"] for service in SERVICES]
        wrong = [problem for url in urls for problem in told.wrong(url)]
        for url in urls:
            self._databases.drop(url)
        assert not wrong, "told against the contract"

    def _places(self, running: dict[str, str]) -> dict[str, str]:
        own = {service: self._databases.create(service) for service in SERVICES}
        databases = {f"{service.upper()}_DATABASE_URL": url for service, url in own.items()}
        for service in WEBS:
            web = self._databases.web_url(service, own[service])
            databases[f"{service.upper()}_WEB_DATABASE_URL"] = web
        taken: set[int] = set()
        for _ in services.PROCESSES:
            taken.add(ports.pick(besides=taken))
        addresses = zip(services.PROCESSES.values(), sorted(taken), strict=True)
        urls = {kind.address: f"http://127.0.0.1:{port}" for kind, port in addresses}
        mail = {"SMTP_URL": self.mailbox.url, "MAIL_DIR": str(self.mailbox.folder)}
        return databases | urls | mail | {"S3_URL": self._bucket.url}

    def _amqp(self, running: dict[str, str]) -> dict[str, str]:
        """Every AMQP address, in our vhost instead of the stack's."""
        addresses = {name: url for name, url in running.items() if name.endswith("AMQP_URL")}
        return {
            name: urlsplit(url)._replace(path=f"/{self.name}").geturl() for name, url in addresses.items()
        }

    def _apply_broker(self) -> None:
        broker = deployer.Broker(self.values["ADMIN_AMQP_URL"], self.values["ADMIN_API_URL"])
        logins = {s: deployer.Login.of(self.values[f"{s.upper()}_AMQP_URL"]) for s in SERVICES}
        deployer.apply_services(broker, logins)


class Bucket:
    """A bucket on the S3 server of `url`."""

    def __init__(self, url: str, name: str) -> None:
        parts = urlsplit(url)
        self.url = parts._replace(path=f"/{name}").geturl()
        self.name = name
        self._pool = urllib3.PoolManager()
        self._client = Minio(
            f"{parts.hostname}:{parts.port}",
            access_key=parts.username,
            secret_key=parts.password,
            secure=parts.scheme == "https",
            region="us-east-1",
            http_client=self._pool,
        )
        self._client.make_bucket(bucket_name=name)

    def remove(self) -> None:
        """Delete the objects, then the bucket."""
        for entry in self._client.list_objects(bucket_name=self.name, recursive=True):
            self._client.remove_object(bucket_name=self.name, object_name=entry.object_name or "")
        self._client.remove_bucket(bucket_name=self.name)
        self._pool.clear()


def sweep(running: dict[str, str]) -> None:
    """Remove the vhosts that test processes which were killed have left."""
    with Management(running["ADMIN_API_URL"]) as api:
        for vhost in api.get("vhosts"):
            if names.is_leftover(vhost["name"]):
                api.delete("vhosts", vhost["name"])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
