"""Mail addresses go to the domain that was written, and nowhere else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.addresses import (
    email_key,
    first_mailed_to,
    mailed_elsewhere,
    may_have_twin,
    was_folded,
)
from services.notification.mail.message import message_id
from shared.addresses import AddressError, in_ascii, same_person
from shared.contracts.texts import deliverable

WIRE = {
    "ada@faß.de": "ada@xn--fa-hia.de",
    "ada@FASS.de": "ada@fass.de",
    "Bea@straße.example.org": "Bea@xn--strae-oqa.example.org",
    "bea@λόγος.gr": "bea@xn--oxapnm1c.gr",
    "bea@exemple-privé.fr": "bea@xn--exemple-priv-meb.fr",
    "bea@EXEMPLE-PRIVÉ.fr": "bea@xn--exemple-priv-meb.fr",
    "bea@XN--FA-HIA.de": "bea@xn--fa-hia.de",
    "bea@ｅxample.org": "bea@example.org",
    "O'Neil+x@Example.ORG": "O'Neil+x@example.org",
    "a@localhost": "a@localhost",
}


@pytest.mark.parametrize(("address", "wire"), WIRE.items())
def test_the_domain_is_written_by_idna_2008(address: str, wire: str) -> None:
    assert in_ascii(address) == wire
    assert same_person(address) == wire.lower()


@pytest.mark.parametrize(
    "other",
    ["bea@strasse.example.org", "bea@strase.example.org"],
)
def test_sharp_s_leads_elsewhere(other: str) -> None:
    assert same_person("bea@straße.example.org") != same_person(other)


def test_final_sigma_leads_elsewhere() -> None:
    assert same_person("bea@λόγος.gr") != same_person("bea@λόγοσ.gr")


@pytest.mark.parametrize("domain", ["exemple-privé.fr", "müller.example", "straße.example.org"])
def test_every_spelling_of_a_domain_is_one_person(domain: str) -> None:
    ascii_form = in_ascii(f"a@{domain}").rpartition("@")[2]
    spelt = {unicodedata.normalize(form, domain) for form in ("NFC", "NFD")} | {
        ascii_form,
        ascii_form.upper(),
    }
    assert {same_person(f"Ada@{each}") for each in spelt} == {f"ada@{ascii_form}"}


@pytest.mark.parametrize(
    "bad",
    ["", "ada", "@example.org", "ada@", "é@example.org", "ada@a..b", "ada@-a.fr", "a@" + "x" * 64 + ".fr"],
)
def test_what_cannot_be_written_to_is_refused_without_being_repeated(bad: str) -> None:
    with pytest.raises(AddressError) as refused:
        in_ascii(bad)
    assert str(refused.value) == "bad address"


@given(st.emails(domains=st.sampled_from(["example.org", "faß.de", "λόγος.gr", "é.fr", "xn--fa-hia.de"])))
def test_what_the_contract_takes_can_be_written_to(address: str) -> None:
    try:
        deliverable(address)
    except Exception:
        return
    assert in_ascii(in_ascii(address)) == in_ascii(address)
    assert same_person(address).isascii()


def test_a_message_id_is_of_the_towns_own_domain() -> None:
    assert message_id("1", "ville@faß.de") == "<1@xn--fa-hia.de>"


@pytest.mark.parametrize(
    ("email", "folded", "elsewhere"),
    [
        ("bea@straße.example.org", True, "strasse.example.org"),
        ("ada@faß.de", True, "fass.de"),
        ("bea@λόγος.gr", True, first_mailed_to("bea@λόγοσ.gr")),
        ("bea@strasse.example.org", False, None),
        ("Bea@EXEMPLE-PRIVÉ.fr", False, None),
        ("bea@xn--fa-hia.de", False, None),
        ("bea@example.org", False, None),
    ],
)
def test_whom_the_first_release_took_for_another_is_known(
    email: str, folded: bool, elsewhere: str | None
) -> None:
    assert was_folded(email) is folded
    assert mailed_elsewhere(email) is (elsewhere is not None)
    if elsewhere:
        assert first_mailed_to(email) == elsewhere
    assert email_key(f" {email} ") == email_key(email)


def test_whose_address_another_may_have_been_taken_for_is_known() -> None:
    assert may_have_twin("bea@strasse.example.org")
    assert may_have_twin("bea@λόγος.gr")
    assert not may_have_twin("bea@example.org")
