package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicException;
import io.spinwire.nic.NicFilter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Set-up and its undoing: every step failed on purpose, every refusal that a machine can be made to give. */
@Tag("afxdp")
@ExtendWith(Requirements.class)
class NicOpeningTest {
    private static final NicFilter FILTER = new NicFilter(new int[] {VethLab.ADDRESS_A}, new int[0]);
    private static final String CANNOT_ATTACH =
            "cannot attach the filter program on sw0 queue 0 of 1 (driver veth) (native XDP): ";

    private VethLab lab;

    @BeforeEach
    void makeLab() {
        lab = VethLab.create();
    }

    @AfterEach
    void removeLab() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource(SetupStep.class)
    void shouldLeaveNothingBehindWhenAStepFails(SetupStep failing) {
        open("").close();
        final ProcessState before = ProcessState.now();
        final NicException e = assertThrows(
                NicException.class,
                () -> NicOpening.open(specification(""), FILTER, step -> {
                    if (step == failing) {
                        throw new NicException("on purpose at " + step);
                    }
                }));
        assertEquals("on purpose at " + failing, e.getMessage());
        assertEquals(before, ProcessState.now());
        assertFalse(lab.hasXdp(lab.a()));
        open("").close();
    }

    @Test
    void shouldLeaveNothingBehindWhenClosedTwice() {
        open("").close();
        final ProcessState before = ProcessState.now();
        final XskNic nic = open("");
        assertTrue(lab.hasXdp(lab.a()));
        nic.close();
        nic.close();
        assertEquals(before, ProcessState.now());
        assertFalse(lab.hasXdp(lab.a()));
        assertEquals(0, nic.receive((buffer, offset, length) -> {}, 64));
        assertEquals(XskNic.REFUSED, nic.claim(60));
        assertEquals(0, nic.txFree());
        assertEquals(0, nic.flush());
        nic.readStatistics(new XskStatistics());
    }

    @Test
    void shouldBindAgainAtOnceWhenJustClosed() {
        for (int i = 0; i < 20; i++) {
            open("").close();
        }
    }

    @Test
    void shouldNameTheInterfaceWhenItDoesNotExist() {
        final NicException e = assertThrows(
                NicException.class,
                () -> XskNic.open(XskSpecification.parse("afxdp:nosuch0,netns=" + lab.a()), FILTER));
        assertTrue(
                e.getMessage().startsWith("cannot find the interface on nosuch0: ENODEV: there is no interface of"),
                e::getMessage);
    }

    @Test
    void shouldListNamespacesWhenThereIsNoneOfTheName() {
        final NicException e = assertThrows(
                NicException.class, () -> XskNic.open(XskSpecification.parse("afxdp:sw0,netns=nosuch"), FILTER));
        assertTrue(e.getMessage().startsWith("there is no network namespace nosuch: there are "));
        assertTrue(e.getMessage().contains(lab.a()), e::getMessage);
    }

    @Test
    void shouldSayWhichQueuesThereAreWhenQueueDoesNotExist() {
        assertRefused(
                ",queue=1",
                "cannot bind the socket to the queue on sw0 queue 1 of 1 (driver veth): EINVAL: the queues of sw0 are 0"
                        + " to 0");
    }

    @Test
    void shouldSayHowToSetItUpWhenInterfaceIsDown() {
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "down");
        assertRefused("", "cannot use sw0: ENETDOWN: the interface is down: ip link set dev sw0 up");
    }

    @Test
    void shouldRefuseInterfaceWhenItIsNotEthernet() {
        final NicException e = assertThrows(
                NicException.class, () -> XskNic.open(XskSpecification.parse("afxdp:lo,netns=" + lab.a()), FILTER));
        assertEquals("cannot use lo: it is not an Ethernet interface", e.getMessage());
    }

    @Test
    void shouldSayWhoHoldsTheInterfaceWhenAnotherProgramIsAttached() {
        try (XskNic first = open("")) {
            final long startNs = System.nanoTime();
            assertRefused("", CANNOT_ATTACH + "EBUSY: another XDP program holds the interface");
            final long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            assertTrue(waitedMs >= 1900 && waitedMs < 4000, () -> "waited " + waitedMs + " ms for it to go");
            assertEquals(1500, first.mtu());
        }
    }

    @Test
    void shouldSayThatZeroCopyIsNotThereWhenDriverHasNone() {
        assertRefused(
                ",copy=zerocopy",
                "cannot bind the socket to the queue on sw0 queue 0 of 1 (driver veth) (zero-copy): EOPNOTSUPP: the"
                        + " driver has no AF_XDP zero-copy: use copy=auto or copy=copy (slower)");
        assertFalse(lab.hasXdp(lab.a()));
    }

    @Test
    void shouldSayToLowerTheMtuWhenPeersIsTooLargeForNativeXdp() {
        lab.ip(lab.b(), "link", "set", VethLab.INTERFACE, "mtu", "9000");
        assertRefused(
                "", CANNOT_ATTACH + "ERANGE: the MTU is too large for native XDP: lower it, on veth that of the peer");
    }

    @Test
    void shouldSayToLowerTheMtuWhenItDoesNotFitAFrame() {
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "mtu", "9000");
        assertRefused("", "afxdp:sw0,queue=0: mtu 9000 + 274 bytes of headers > frame 4096");
    }

    @Test
    void shouldUseLargeFramesWhenMtuNeedsThem() {
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "mtu", "3490");
        lab.ip(lab.b(), "link", "set", VethLab.INTERFACE, "mtu", "3490");
        try (XskNic nic = open("")) {
            assertEquals(3490, nic.mtu());
            assertTrue(
                    nic.report().getLast().contains("2048 frames of 4096 bytes"),
                    () -> nic.report().toString());
        }
    }

    @Test
    void shouldAttachGenericallyWhenAskedTo() {
        try (XskNic nic = open(",mode=generic")) {
            assertTrue(lab.ip(lab.a(), "link", "show", "dev", VethLab.INTERFACE).contains("xdpgeneric"));
            assertEquals(1, nic.report().size());
            assertTrue(nic.report().getFirst().contains("generic XDP, copy mode"));
        }
    }

    @Test
    void shouldFallBackToGenericAndReportItWhenDriverHasNoNativeXdp() {
        lab.ip(lab.a(), "link", "add", "br0", "type", "bridge");
        lab.ip(lab.a(), "link", "set", "br0", "up");
        final XskSpecification bridge = XskSpecification.parse("afxdp:br0,netns=" + lab.a());
        try (XskNic nic = XskNic.open(bridge, FILTER)) {
            assertEquals(
                    "native XDP: EOPNOTSUPP from driver bridge; fell back to generic XDP, which is slower",
                    nic.report().getFirst());
            assertTrue(nic.report().getLast().contains("generic XDP, copy mode"));
        }
        final NicException e = assertThrows(
                NicException.class,
                () -> XskNic.open(XskSpecification.parse("afxdp:br0,mode=native,netns=" + lab.a()), FILTER));
        assertTrue(e.getMessage().contains("EOPNOTSUPP: the driver has no native XDP"), e::getMessage);
    }

    private void assertRefused(String options, String start) {
        final NicException e =
                assertThrows(NicException.class, () -> open(options).close());
        assertTrue(e.getMessage().startsWith(start), e::getMessage);
    }

    private XskNic open(String options) {
        return XskNic.open(specification(options), FILTER);
    }

    private XskSpecification specification(String options) {
        return XskSpecification.parse("afxdp:sw0,netns=" + lab.a() + options);
    }
}
