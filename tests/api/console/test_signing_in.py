"""Who gets in, what a browser is given, and which forms are believed."""

import re

import pytest

from tests.api.console.conftest import NOW  # noqa: F401

FEATURES = "/clusters/lab/nodes/cucm-pub/feature-services"
SESSION = "__Host-ucmsim-8443"


def cookie(browser, name=SESSION):
    return browser.client.get_cookie(name, domain="127.0.0.1", path="/")


def test_a_stranger_is_shown_the_door_and_led_back_afterwards(stranger):
    stranger.open(FEATURES)
    assert stranger.heading == "Sign in"
    stranger.submit(name="administrator", password="s3cret: it")
    assert stranger.path == FEATURES
    assert stranger.heading == "Control Center – Feature Services"


@pytest.mark.parametrize(
    ("name", "password"),
    [("administrator", "wrong"), ("stranger", "eyes"), ("administrator:s3cret", " it"), ("", "")],
    ids=["wrong password", "unknown name", "colon moved into the name", "nothing"],
)
def test_wrong_credentials_give_no_session_and_do_not_say_which_was_wrong(stranger, name, password):
    stranger.open("/sign-in").submit(name=name, password=password)
    assert stranger.status == 401
    assert "Name or password is not right." in stranger.text()
    assert cookie(stranger) is None


def test_the_name_that_was_typed_is_kept_and_escaped_the_password_is_not(stranger):
    stranger.open("/sign-in").submit(name='"><script>alert(1)</script>', password="hunter2")
    shown = stranger.answer.get_data(as_text=True)
    assert "<script>alert" not in shown
    assert "hunter2" not in shown
    assert stranger.page.get_element_by_id("name").get("value") == '"><script>alert(1)</script>'


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(administrator):
    kept = cookie(administrator)
    assert (kept.http_only, kept.secure, kept.same_site) == (True, True, "Lax")
    assert re.fullmatch(r"[0-9A-F]{32}", kept.value)


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(administrator, sessions):
    session = cookie(administrator).value
    administrator.open("/")
    administrator.post("/sign-out", {"token": administrator.token()})
    assert administrator.heading == "Sign in"
    assert sessions.user(session) is None
    assert administrator.open("/").heading == "Sign in"


def test_signing_in_leads_to_no_other_site(stranger):
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        stranger.client.delete_cookie(SESSION, domain="127.0.0.1", path="/")
        stranger.open("/sign-in", query_string={"next": elsewhere})
        stranger.submit(name="administrator", password="s3cret: it")
        assert stranger.path == "/clusters/lab"


def test_a_form_of_another_session_is_not_believed(administrator, watcher, engine):
    watcher.open("/")
    administrator.post(FEATURES, {"token": watcher.token(), "one": "stop:cisco-axl-web-service"})
    assert administrator.status == 400
    assert engine.events() == []


def test_a_form_without_a_token_is_not_believed(administrator):
    assert administrator.post(FEATURES, {"one": "stop:cisco-axl-web-service"}).status == 400


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
    ids=lambda headers: next(iter(headers)),
)
def test_a_form_sent_from_another_site_is_not_believed_even_with_the_token(administrator, headers):
    administrator.open(FEATURES)
    administrator.post(FEATURES, {"token": administrator.token()}, headers=headers)
    assert administrator.status == 400


def test_a_strangers_page_cannot_sign_a_visitor_in(stranger):
    stranger.post("/sign-in", {"name": "administrator", "password": "s3cret: it"})
    assert "The form was out of date" in stranger.text()
    assert cookie(stranger) is None


def test_an_account_without_a_role_sees_nothing(signed_in):
    browser = signed_in("nobody", "nothing")
    browser.open(FEATURES)
    assert browser.status == 403
    assert "G-CTL-15" in browser.text()


def test_every_page_is_kept_out_of_frames_caches_and_foreign_scripts(stranger, administrator):
    for browser, path in ((stranger, "/sign-in"), (administrator, FEATURES), (administrator, "/nowhere")):
        headers = browser.open(path).answer.headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_no_page_needs_an_exception_from_the_policy(administrator):
    """No inline script, no inline style, no handler attribute: the policy would block them."""
    for path in ("/", FEATURES, "/clusters/lab/nodes/cucm-pub/activation"):
        page = administrator.open(path).page
        assert page.xpath("//script[not(@src)] | //style | //*[@style]") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []


def test_a_chosen_theme_stays(administrator):
    administrator.open("/")
    administrator.post(
        "/theme", {"token": administrator.token(), "theme": "dark", "next": f"/ucmsim{FEATURES}"}
    )
    assert administrator.path == FEATURES
    assert administrator.page.get("data-theme") == "dark"


def test_files_may_be_kept_until_they_change(administrator):
    style = administrator.open("/").page.xpath("//link[@rel='stylesheet']/@href")[0]
    assert "max-age=31536000" in administrator.open(style).answer.headers["Cache-Control"]
    assert administrator.open(style.partition("?")[0]).answer.headers["Cache-Control"] == "no-cache"
