"""The import contracts of pyproject.toml hold, and each of them fails when it is broken on purpose."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.local import paths

BREACHES = [
    ("shared/outbox/__init__.py", "shared.messaging.batch", "Inside shared"),
    ("shared/db/__init__.py", "shared.outbox", "Inside shared"),
    ("shared/clock.py", "shared.messaging.answers", "No circle in the imports"),
    ("services/intake/domain/reports.py", "services.routing.errors", "Services never import each other"),
    ("shared/clock.py", "services.routing.domain", "Shared knows no service"),
    ("shared/clock.py", "deploy.local.paths", "Shared knows no service"),
    ("services/routing/bus/service.py", "deploy.local.paths", "No service knows how it is deployed"),
    ("services/analytics/domain.py", "services.analytics.store.repository", "Inside a service"),
    ("services/notification/errors.py", "services.notification.bus.consumers", "Inside a service"),
    ("services/routing/usecases/actions.py", "services.routing.bus.reading", "Inside a service"),
    ("services/routing/usecases/actions.py", "shared.messaging.message", "Use cases"),
    ("services/routing/events.py", "shared.messaging.answers", "Use cases"),
    ("services/routing/store/repository.py", "werkzeug", "Use cases"),
    ("services/notification/usecases/sending.py", "services.notification.contacts", "Inside a service"),
    ("services/notification/usecases/ports.py", "services.notification.mail.smtp", "Use cases"),
    ("services/notification/mail/message.py", "smtplib", "Use cases"),
    ("services/notification/events.py", "shared.amqp.requests", "Use cases"),
    ("services/routing/domain/__init__.py", "psycopg", "Rules, contracts and languages do no I/O"),
    ("shared/contracts/errors.py", "kombu", "Rules, contracts and languages do no I/O"),
    ("services/intake/photos/worker.py", "services.intake.domain.photos", "What decodes photos"),
    ("services/intake/photos/containers/exif.py", "shared.ids", "What decodes photos"),
    ("services/routing/bus/consumers.py", "eventlet", "nameko and eventlet only in shared/run"),
    ("shared/web/service.py", "eventlet", "nameko and eventlet only in shared/run"),
    ("services/intake/usecases/follow_up.py", "flask", "Flask and gunicorn only where pages are"),
    ("shared/run/health.py", "gunicorn.app.base", "Flask and gunicorn only where pages are"),
    ("services/intake/usecases/follow_up.py", "shared.messaging.message", "What serves pages loads nothing"),
    ("shared/towns.py", "kombu", "What serves pages loads nothing"),
    ("shared/run/service.py", "shared.web.factory", "What takes messages loads nothing"),
    ("services/intake/web/photos.py", "services.intake.bus.consumers", "A service's two doors"),
    ("services/routing/bus/service.py", "services.routing.web.app", "A service's two doors"),
    ("shared/outbox/__init__.py", "nameko.extensions", "nameko and eventlet only in shared/run"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code to break."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("services", "shared", "deploy"):
        shutil.copytree(paths.ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(paths.ROOT / "pyproject.toml", copy)
    return copy


def broken(tree: Path) -> list[str]:
    """The names of the contracts that do not hold."""
    command = [str(paths.VENV / "bin" / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if "BROKEN" in line]


def test_they_hold(tree: Path) -> None:
    assert broken(tree) == []


@pytest.mark.parametrize(("file", "module", "contract"), BREACHES)
def test_a_breach_is_found(tree: Path, file: str, module: str, contract: str) -> None:
    whole = (tree / file).read_text()
    (tree / file).write_text(f"{whole}\nimport {module}\n")
    try:
        assert [line for line in broken(tree) if line.startswith(contract)]
    finally:
        (tree / file).write_text(whole)
