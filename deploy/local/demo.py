"""`make demo`: sends sample reports through `citizen.in` and shows what became of each, to the count."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from deploy.local import samples
from deploy.local.agreement import Agreement, stream_facts
from deploy.local.tools import Tool, agent_tool, front_end, upload_photo
from shared import settings
from shared.commands.report.gathering import gather

_WITHIN = 60.0


def main() -> int:
    """Run the demonstration on the stack that is up; 0 where everything came out as it should."""
    settings.load_connections()
    before, began = Agreement.now("gentilly"), datetime.now(UTC)
    with front_end(os.environ["FRONT_AMQP_URL"], "gentilly") as tool:
        print("\nSeven reports for Gentilly, sent as a citizen front end sends them:\n")
        receipts = [_send(tool, sample) for sample in samples.SAMPLES]
        refused = _send_refused(tool)
    complete = [_show(s, r["reference"]) for s, r in zip(samples.SAMPLES, receipts, strict=True)]
    agree = _compare(before, began, len(receipts))
    resolved = _resolve(receipts[0]["reference"])
    _say_where(receipts[0])
    return 0 if agree and refused and resolved and all(complete) else 1


def _send(tool: Tool, sample: samples.Sample) -> dict[str, str]:
    """Send one; returns the receipt's `report`: id, reference and tracking_url."""
    photos = [_upload()] if sample.photo else []
    receipt = tool.ask("submission.sent.v1", sample.data(photos))
    if receipt["type"] != "submission.accepted.v1":
        sys.exit(f"{sample.title}: refused, {receipt['data']['errors']}")
    report: dict[str, str] = receipt["data"]["report"]
    print(f"  stored   {report['reference']}  {sample.title}")
    return report


def _say_where(report: Mapping[str, str]) -> None:
    print("\nWhat its author sees (while it runs: make up):\n")
    print(f"  {report['tracking_url']}")
    print(f"  {report['tracking_url']}?lang=en\n")
    print("Send one yourself (make up; the mails that it leads to: make mails):\n")
    print(f"  {os.environ['INTAKE_URL']}/gentilly/\n")


def _upload() -> str:
    return upload_photo(os.environ["INTAKE_URL"], os.environ["FRONT_API_KEY"], samples.photo())


def _send_refused(tool: Tool) -> bool:
    receipt = tool.ask("submission.sent.v1", samples.REFUSED.data([]))
    for error in receipt["data"].get("errors", []):
        print(f"  refused  {error['pointer']}: {error['code']}. {error['message']}")
    return bool(receipt["type"] == "submission.rejected.v1")


def _show(sample: samples.Sample, reference: str) -> bool:
    known: dict[str, Any] = {}
    complete = _wait(lambda: _look(known, reference, sample.photo))
    target = known.get("target") or {}
    print(f"\n{reference}  {sample.title}")
    print(f"  where    {' → '.join(filter(None, (known.get('state'), target.get('id'))))}")
    print(f"  rule     {known.get('rule') or '-'}: {(known.get('reason') or {}).get('fr', '-')}")
    for d in known.get("deliveries", []):
        print(f"  told     {d['recipient_kind']}, by {d['channel']} ({d['template']}): {d['state']}")
    for photo in known.get("photos", []):
        print(f"  photo    {photo['state']}")
    print(f"  counted  {known.get('counted', 0)} facts")
    return complete


def _look(known: dict[str, Any], reference: str, photo: bool) -> bool:
    known.update(gather(reference))
    deliveries = known.get("deliveries", [])
    told = bool(deliveries) and all(d["state"] == "sent" for d in deliveries)
    stored = not photo or any(p["state"] == "stored" for p in known.get("photos", []))
    return told and stored and known.get("state") != "submitted" and known.get("counted") == 2


def _compare(before: Agreement, began: datetime, sent: int) -> bool:
    """Every service's own count of what happened in between, side by side."""
    _wait(lambda: (Agreement.now("gentilly") - before).all_are(sent))
    counts = Agreement.now("gentilly") - before
    print(f"\nDo all agree on {sent} reports?")
    for name, count in counts.by_name.items():
        print(f"  {name:32} {count}")
    streamed = Counter(fact["data"]["happened"] for fact in stream_facts(began, 2 * sent).values())
    print(f"  {'submissions on the stream':32} {streamed['submitted']}")
    agree = counts.all_are(sent) and streamed["submitted"] == sent
    print(
        "  yes: every report was stored, given to somebody or to triage, told and counted exactly once"
        if agree
        else "  NO"
    )
    return agree


def _resolve(reference: str) -> bool:
    """The department's agent tool takes the first report up and resolves it."""
    report = gather(reference)["id"]
    print(f"\nThe agent tool of voirie deals with {reference}:\n")
    with agent_tool(os.environ["AGENT_AMQP_URL"], "gentilly", "voirie") as tool:
        for type_, more in samples.AGENT_ACTIONS:
            answer = tool.ask(type_, {"report": report, "agent": "Nadia", **more})
            print(f"  {type_:24} {answer['type']}: {answer['data'].get('state') or answer['data']}")
    known: dict[str, Any] = {}
    done = _wait(lambda: _look_again(known, reference, 2 + len(samples.AGENT_ACTIONS)))
    print(f"  told     {', '.join(d['template'] for d in known['deliveries'])}")
    print(f"  counted  {known['counted']} facts")
    return done and known["state"] == "resolved"


def _look_again(known: dict[str, Any], reference: str, facts: int) -> bool:
    known.update(gather(reference))
    return known.get("counted") == facts and all(d["state"] == "sent" for d in known.get("deliveries", []))


def _wait(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _WITHIN
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


if __name__ == "__main__":
    sys.exit(main())
