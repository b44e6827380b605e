"""The object store: the one module that knows the S3 client.

Only what every S3 server does is used: put, get, stat, list, remove and a presigned GET. Type, size and
checksum of an object are the caller's to keep, since some servers forget metadata.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import certifi
import urllib3
from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error

PRESIGNED_SECONDS = 60
_MISSING = ("NoSuchKey", "NoSuchObject", "ResourceNotFound")


class ObjectMissing(Exception):
    """There is no object under this key."""


class StoreAway(Exception):
    """The store did not do what was asked: unreachable, too slow, or it refused. `cause` quotes no key."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store says of an object: its key, and its size in bytes."""

    key: str
    size: int


class ObjectStore:
    """One bucket of an S3 server.

    `url`: `http://ACCESS:SECRET@HOST:PORT/BUCKET`; https means TLS. `public_url`: the address by which
    browsers reach the same server, where it is not `url`'s. Every method may raise StoreAway, within
    about half a minute (2 s to connect, 10 s without an answer, one more attempt).
    """

    def __init__(self, url: str, public_url: str = "", region: str = "us-east-1") -> None:
        self.bucket = urlsplit(url).path.strip("/")
        public = urlsplit(public_url or url)
        self._client = _client(url, url, region)
        self._signer = _client(url, public_url or url, region)
        self.public_origin = f"{public.scheme}://{public.netloc.rpartition('@')[2]}"

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store `data` under `key`, over whatever was there."""
        try:
            with _translated():
                self._client.put_object(self.bucket, key, io.BytesIO(data), len(data), content_type)
        except ObjectMissing:
            raise StoreAway("no such bucket") from None

    def get(self, key: str) -> bytes:
        """The bytes under `key`; raises ObjectMissing."""
        with _translated():
            response = self._client.get_object(self.bucket, key)
            try:
                return response.read()
            finally:
                response.close()
                response.release_conn()

    def stat(self, key: str) -> StoredObject:
        """Size of the object under `key`; raises ObjectMissing."""
        with _translated():
            found = self._client.stat_object(self.bucket, key)
        return StoredObject(key, found.size or 0)

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """The objects whose keys begin with `prefix`."""
        with _translated():
            for found in self._client.list_objects(self.bucket, prefix, recursive=True):
                yield StoredObject(found.object_name or "", found.size or 0)

    def remove(self, key: str) -> None:
        """Remove the object under `key`; nothing happens where there is none."""
        try:
            with _translated():
                self._client.remove_object(self.bucket, key)
        except ObjectMissing:
            return

    def presigned_url(self, key: str, seconds: int = PRESIGNED_SECONDS) -> str:
        """An address by which anybody can read the object for `seconds`; made without asking the server."""
        return self._signer.presigned_get_object(self.bucket, key, timedelta(seconds=seconds))


def _client(credentials_url: str, server_url: str, region: str) -> Minio:
    credentials, server = urlsplit(credentials_url), urlsplit(server_url)
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=2, read=10),
        retries=urllib3.Retry(total=1, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        maxsize=4,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )
    # With a region given, the client never asks the server for it, so that signing works while it is away.
    return Minio(
        server.netloc.rpartition("@")[2],
        access_key=unquote(credentials.username or ""),
        secret_key=unquote(credentials.password or ""),
        secure=server.scheme == "https",
        region=region,
        http_client=pool,
    )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        raise ObjectMissing if error.code in _MISSING else StoreAway(error.code or "S3Error") from None
    except InvalidResponseError as error:
        # rclone answers errors as text/xml, which the client does not take for S3's own.
        status = error._code
        raise ObjectMissing if status == 404 else StoreAway(f"HTTP {status}") from None
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
        raise StoreAway(type(error).__name__) from None
