"""Set to Default and Check All of Service Activation (G-ACT-7)."""

from tests.models.lab import CALL_MANAGER, CTI_MANAGER, CUC, IMP, PUB, SUB, Lab, spec
from ucmsim.models.selection import check_all, set_to_default
from ucmsim.models.states import Kind, Product


def test_set_to_default_selects_what_a_single_server_needs():
    """G-ACT-7, U-54."""
    assert set(set_to_default(Lab().node(PUB))) == {
        "Cisco AXL Web Service", "Cisco Bulk Provisioning Service", "Cisco CAR Web Service", CALL_MANAGER,
        "Cisco Certificate Authority Proxy Function", CTI_MANAGER, "Cisco DirSync", "Cisco Extended Functions",
        "Cisco IP Manager Assistant", "Cisco IP Voice Media Streaming App", "Cisco Intercluster Lookup Service",
        "Cisco Location Bandwidth Manager", "Cisco SOAP - CDRonDemand Service", "Cisco Serviceability Reporter",
        "Cisco Tftp", "Cisco UXL Web Service", "Cisco Unified Mobile Voice Access Service",
        "Cisco WebDialer Web Service",
    }  # fmt: skip


def test_set_to_default_of_im_and_presence():
    """G-ACT-7, U-54."""
    assert set(set_to_default(Lab().node(IMP))) == {
        "Cisco AXL Web Service",
        "Cisco SIP Proxy",
        "Cisco Presence Engine",
        "Cisco XCP Connection Manager",
        "Cisco XCP Authentication Service",
    }


def test_a_selection_comes_with_its_dependencies():
    """G-ACT-7, G-ACT-6: whatever is selected, so is what it depends on."""
    lab = Lab()
    chosen = set_to_default(lab.node(PUB))
    assert chosen.index(CALL_MANAGER) < chosen.index(CTI_MANAGER)
    services = lab.node(PUB).services
    for name in chosen:
        assert {need for need in services[name].depends if services[need].kind is Kind.FEATURE} <= set(chosen)


def test_check_all_selects_every_feature_service_of_the_node():
    """G-ACT-7: a subscriber's without those that only the first node may have (G-ACT-15)."""
    lab = Lab()
    features = {name for name, service in lab.node(PUB).services.items() if service.kind is Kind.FEATURE}
    assert set(check_all(lab.node(PUB))) == features
    left_out = features - set(check_all(lab.node(SUB)))
    assert {"Cisco DirSync", "Cisco Bulk Provisioning Service"} <= left_out
    assert "Cisco Serviceability Reporter" not in left_out


def test_what_is_selected_can_be_activated_in_one_request():
    """G-ACT-5, G-ACT-7: on every node, nothing is refused and everything comes up."""
    lab = Lab()
    for node in (PUB, SUB, IMP, CUC):
        for names in (set_to_default(lab.node(node)), check_all(lab.node(node))):
            if names:
                assert lab.activate(node, *names).reason.code == -1
                assert set(names) <= lab.wait(600).running(node), node


def test_an_old_release_selects_what_it_has():
    """G-ACT-14."""
    lab = Lab([spec(PUB, Product.UCM, version="10.5.1.10000-7")])
    assert "Cisco Headset Service" not in check_all(lab.node(PUB))
