package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicFilter;
import io.spinwire.nic.afxdp.Finding.Severity;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("afxdp")
@ExtendWith(Requirements.class)
class DoctorTest {
    private VethLab lab;

    @BeforeEach
    void makeLab() {
        lab = VethLab.create();
    }

    @AfterEach
    void removeLab() {
        lab.close();
    }

    @Test
    void shouldFindNothingThatPreventsANicWhenLabIsFresh() {
        final List<Finding> findings = examine();
        assertTrue(findings.stream().noneMatch(f -> f.severity() == Severity.FAIL), findings::toString);
        assertFound(findings, Severity.OK, "sw0 is up", "");
        assertFound(findings, Severity.OK, "MTU 1500, frames of 2048 bytes", "");
        assertFound(findings, Severity.OK, "one receive queue", "");
        assertFound(findings, Severity.OK, "no XDP program holds sw0", "");
        assertFound(findings, Severity.WARN, "driver veth: native XDP, no zero-copy", "veth never has it");
    }

    @Test
    void shouldNameThePeerAndTheCommandWhenItsChecksumsAreOffloaded() {
        assertFound(
                examine(),
                Severity.WARN,
                "the veth peer sw0 in namespace " + lab.b() + " leaves checksums undone",
                "ip netns exec " + lab.b() + " ethtool -K sw0 tx off");
        NetNamespace.run(lab.b(), () -> {
            try (NetDevice peer = NetDevice.open("sw0")) {
                peer.disableTxOffloads();
            }
        });
        assertFound(
                examine(), Severity.OK, "the veth peer sw0 in namespace " + lab.b() + " computes its checksums", "");
    }

    @Test
    void shouldFindThePeerWhenItIsInTheSameNamespace() {
        lab.ip(lab.a(), "link", "add", "v0", "type", "veth", "peer", "name", "v1");
        lab.ip(lab.a(), "link", "set", "v0", "up");
        final List<Finding> findings = NetNamespace.call(lab.a(), () -> Doctor.examine("v0"));
        assertFound(findings, Severity.WARN, "the veth peer v1 leaves checksums undone", "ethtool -K v1 tx off");
        assertFound(findings, Severity.WARN, "v0 is up without carrier", "set the veth peer up");
    }

    @Test
    void shouldTellWhoHoldsXdpWhenANicIsOpen() {
        final NicFilter filter = new NicFilter(new int[] {VethLab.ADDRESS_A}, new int[0]);
        try (XskNic nic = XskNic.open(XskSpecification.parse("afxdp:sw0,netns=" + lab.a()), filter)) {
            final Finding finding = examine().stream()
                    .filter(f -> f.what().startsWith("XDP program "))
                    .findFirst()
                    .orElseThrow();
            assertEquals(Severity.FAIL, finding.severity());
            assertTrue(finding.what().endsWith("(native) holds " + VethLab.INTERFACE), finding::toString);
            assertTrue(finding.whatToDo().contains("xdp off"), finding::toString);
            assertEquals(1500, nic.mtu());
        }
    }

    @Test
    void shouldFailWhenMtuIsTooLargeHereOrAtThePeer() {
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "mtu", "9000");
        lab.ip(lab.b(), "link", "set", VethLab.INTERFACE, "mtu", "9000");
        final List<Finding> findings = examine();
        assertFound(findings, Severity.FAIL, "afxdp:sw0,queue=0: mtu 9000 + 274 bytes of headers > frame 4096", "");
        assertFound(findings, Severity.FAIL, "MTU 9000 of the veth peer", "ip link set dev sw0 mtu 1500");
    }

    @Test
    void shouldFailWhenInterfaceIsDownOrMissingOrNotEthernet() {
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "down");
        assertFound(examine(), Severity.FAIL, "sw0 is down", "ip link set dev sw0 up");
        final List<Finding> missing = NetNamespace.call(lab.a(), () -> Doctor.examine("nosuch0"));
        assertFound(missing, Severity.FAIL, "cannot find the interface on nosuch0: ENODEV", "");
        final List<Finding> loopback = NetNamespace.call(lab.a(), () -> Doctor.examine("lo"));
        assertFound(loopback, Severity.FAIL, "lo is not an Ethernet interface", "choose another");
    }

    @Test
    void shouldWarnWhenTheKernelHasTheEnginesAddress() {
        lab.configure(lab.a(), "10.77.0.1/24");
        final List<Finding> findings =
                NetNamespace.call(lab.a(), () -> Doctor.examine("sw0", VethLab.ADDRESS_A, VethLab.ADDRESS_B));
        assertFound(findings, Severity.WARN, "address 10.77.0.1 is the kernel's too, on sw0", "an address of its own");
        assertFound(findings, Severity.OK, "address 10.77.0.2 is not the kernel's", "");
    }

    @Test
    void shouldWarnWhenInterfaceHasSeveralQueues() {
        try (VethLab four = VethLab.create(4)) {
            final List<Finding> findings = NetNamespace.call(four.a(), () -> Doctor.examine(VethLab.INTERFACE));
            assertFound(findings, Severity.WARN, "4 receive queues", "ethtool -L sw0 combined 1");
        }
    }

    private List<Finding> examine() {
        return NetNamespace.call(lab.a(), () -> Doctor.examine(VethLab.INTERFACE));
    }

    private static void assertFound(List<Finding> findings, Severity severity, String what, String whatToDo) {
        assertTrue(
                findings.stream()
                        .anyMatch(f -> f.severity() == severity
                                && f.what().startsWith(what)
                                && f.whatToDo().contains(whatToDo)),
                () -> severity + " " + what + " in " + findings);
    }
}
