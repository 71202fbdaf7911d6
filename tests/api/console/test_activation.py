"""Service Activation: check boxes, what saving them would do, and what came of it."""

from ucmsim.api.origin import Origin
from ucmsim.models.commands import Deploy
from ucmsim.models.states import NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
PAGE = "/clusters/lab/nodes/cucm-pub/activation"
SUB_PAGE = "/clusters/lab/nodes/cucm-sub/activation"
SOMEBODY = Origin("SOAP", "somebody", "127.0.0.9")


def ticked(browser):
    return {box.get("value") for box in browser.page.xpath("//input[@name='service'][@checked]")}


def active(engine):
    return {name for name, instance in engine.node(PUB).instances.items() if instance.activated}


def test_the_boxes_are_ticked_as_things_are(administrator, engine):
    engine.execute(Deploy(PUB, activate=True, names=("Cisco Tftp",)), SOMEBODY)
    administrator.open(PAGE)
    assert {"cisco-tftp", "cisco-axl-web-service"} <= ticked(administrator)
    assert "cisco-callmanager" not in ticked(administrator)


def test_network_services_have_no_box(administrator):
    """G-ACT-2."""
    assert not administrator.open(PAGE).page.xpath("//input[@value='cisco-tomcat']")


def test_dependencies_are_shown_before_saving_and_activated_first(administrator, engine):
    """G-ACT-6."""
    administrator.open(PAGE)
    administrator.submit(do="save", service=[*ticked(administrator), "cisco-ctimanager"])
    assert administrator.heading == "Please confirm"
    assert "Cisco CallManager – will be activated and started first" in administrator.text()
    assert "Cisco CTIManager" not in active(engine)
    administrator.submit()
    assert {"Cisco CallManager", "Cisco CTIManager"} <= active(engine)
    assert "Activate Cisco CTIManager Starting" in administrator.text("//*[@id='results']")


def test_saving_deactivates_what_is_not_ticked(administrator, engine):
    """G-ACT-4, G-ACT-5: both ways in one form."""
    administrator.open(PAGE)
    wanted = ticked(administrator) - {"cisco-device-activation-service"} | {"cisco-tftp"}
    administrator.submit(do="save", service=list(wanted))
    assert "Deactivate Cisco Device Activation Service" in administrator.text()
    administrator.submit()
    assert "Cisco Tftp" in active(engine)
    assert "Cisco Device Activation Service" not in active(engine)
    (row,) = engine.status(PUB, ("Cisco Device Activation Service",)).rows
    assert row.status is Status.STOPPING


def test_saving_what_is_already_so_changes_nothing(administrator, engine):
    administrator.open(PAGE).submit(do="save")
    assert "Nothing was chosen, so nothing has changed." in administrator.text()
    assert engine.events() == []


def test_set_to_default_ticks_what_a_single_server_needs_and_saves_nothing(administrator, engine):
    """G-ACT-7."""
    administrator.open(PAGE).submit(do="default")
    assert {"cisco-callmanager", "cisco-tftp", "cisco-ctimanager"} <= ticked(administrator)
    assert "cisco-messaging-interface" not in ticked(administrator)
    assert "nothing has been saved yet" in administrator.text()
    assert engine.events() == []


def test_check_all_ticks_every_feature_service_of_the_node(administrator):
    """G-ACT-7."""
    administrator.open(PAGE).submit(do="all")
    boxes = administrator.page.xpath("//input[@name='service']/@value")
    assert ticked(administrator) == set(boxes)


def test_a_service_of_the_first_node_cannot_be_ticked_elsewhere_and_says_why(administrator):
    """G-ACT-15."""
    administrator.open(SUB_PAGE)
    box = administrator.page.xpath("//input[@value='cisco-bulk-provisioning-service']")[0]
    assert box.get("disabled") is not None
    told = administrator.page.get_element_by_id(box.get("aria-describedby")).text_content()
    assert "belongs on the first node only" in told


def test_cancelling_leaves_everything_as_it_was(administrator, engine):
    administrator.open(PAGE).submit(do="save", service=["cisco-tftp"])
    back = administrator.page.xpath("//a[@data-close]/@href")[0]
    administrator.open(back)
    assert administrator.path == PAGE
    assert engine.events() == []


def test_somebody_who_may_only_watch_can_look_but_not_save(watcher, engine):
    watcher.open(PAGE)
    assert watcher.page.xpath("//button[text()='Save']/@aria-disabled") == ["true"]
    watcher.post(PAGE, {"token": watcher.token(), "do": "save", "service": "cisco-tftp"})
    assert watcher.status == 403
    assert engine.events() == []


def about(browser, slug):
    return browser.page.get_element_by_id(f"about-{slug}").text_content()


def test_each_service_comes_with_the_guides_advice_about_itself_alone(administrator):
    """Tables 1 and 2: what is said of Cisco Tftp, not what others need it for; on each product its own table."""
    administrator.open(PAGE)
    assert "Cisco WebDialer Web Service: one node of a cluster." in about(
        administrator, "cisco-webdialer-web-service"
    )
    assert "a dedicated node where there are several" in about(administrator, "cisco-tftp")
    assert "Mobile Voice Access" not in about(administrator, "cisco-tftp")
    assert "IM and Presence" not in about(administrator, "cisco-serviceability-reporter")
    administrator.open("/clusters/lab/nodes/imp-pub/activation")
    assert "XCP Message Archiver does not start" in about(administrator, "cisco-xcp-message-archiver")


def test_what_the_guide_finds_amiss_stands_beside_the_service(administrator, engine, clock):
    """G-DEP-20: a finding about this node, with what to do about it."""
    engine.execute(Deploy(PUB, activate=True, names=("Cisco Tftp", "Cisco CallManager")), SOMEBODY)
    clock.advance(120_000)
    administrator.open(PAGE)
    assert "Activate Cisco Tftp on another node" in about(administrator, "cisco-tftp")
    assert "The guide advises otherwise in" in administrator.open("/clusters/lab").text("//details")
