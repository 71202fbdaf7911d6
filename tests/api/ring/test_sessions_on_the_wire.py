"""Session cookies in the place of a password (specification section 3.2)."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import ACCOUNTS, PATH, Serving
from tests.api.ring.test_web_application import ADMINISTRATOR, basic
from ucmsim.api.accounts import Accounts


def cookie(serving: Serving) -> str:
    return serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR).cookies["JSESSIONIDSSO"]


def test_identifiers_are_32_upper_case_hexadecimal_digits(serving: Serving) -> None:
    cookies = serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR).cookies

    assert all(re.fullmatch("[0-9A-F]{32}", value) for value in cookies.values())
    assert cookies["JSESSIONID"] != cookies["JSESSIONIDSSO"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "  "}])
@pytest.mark.parametrize("others", ["", "JSESSIONID=0; ", "a=b;JSESSIONIDSSO=unknown;"])
def test_the_cookie_alone_is_enough(serving: Serving, headers: dict[str, str], others: str) -> None:
    reply = serving.ask("POST", PATH, body=b"x", Cookie=f"{others}JSESSIONIDSSO={cookie(serving)}", **headers)

    assert reply.status == 200
    assert serving.face.calls[-1].origin.user == "administrator"
    assert "Set-Cookie" not in reply.headers


def test_a_cookie_with_the_password_keeps_its_session(serving: Serving) -> None:
    kept = f"JSESSIONIDSSO={cookie(serving)}"

    assert not serving.ask("POST", PATH, body=b"x", Cookie=kept, Authorization=ADMINISTRATOR).cookies
    # another user on the same connection gets a session of his own
    assert serving.ask("POST", PATH, body=b"x", Cookie=kept, Authorization=basic("watcher", "eyes")).cookies


def test_a_wrong_password_is_wrong_beside_a_cookie(serving: Serving) -> None:
    kept = f"JSESSIONIDSSO={cookie(serving)}"

    assert serving.ask("POST", PATH, Cookie=kept, Authorization=basic("administrator", "no")).status == 401


def test_the_web_applications_own_cookie_is_no_proof(serving: Serving) -> None:
    cookies = serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR).cookies

    assert serving.ask("POST", PATH, Cookie=f"JSESSIONID={cookies['JSESSIONID']}").status == 401


def test_new_accounts_end_old_sessions_and_old_passwords(serving: Serving) -> None:
    kept = f"JSESSIONIDSSO={cookie(serving)}"

    serving.authentication.replace(Accounts(ACCOUNTS[1:]))

    assert serving.ask("POST", PATH, Cookie=kept).status == 401
    assert serving.ask("POST", PATH, Authorization=ADMINISTRATOR).status == 401
    assert serving.ask("POST", PATH, body=b"x", Authorization=basic("watcher", "eyes")).status == 200
