package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicException;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("afxdp")
@ExtendWith(Requirements.class)
class NetDeviceTest {
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
    void shouldTellWhatIpTellsWhenAsked() {
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "address", "02:11:22:33:44:55");
        NetNamespace.run(lab.a(), () -> {
            try (NetDevice device = NetDevice.open(VethLab.INTERFACE)) {
                assertEquals(0x0211_2233_4455L, device.macAddress());
                assertEquals(1500, device.mtu());
                assertEquals("veth", device.driver());
                assertEquals(1, device.queueCount());
                assertEquals(0, device.hardwareRing());
                assertTrue(device.isUp());
                assertTrue(device.isRunning());
                assertTrue(device.isEthernet());
            }
        });
    }

    @Test
    void shouldTurnOffloadsOffWhenAskedTo() {
        NetNamespace.run(lab.a(), () -> {
            try (NetDevice device = NetDevice.open(VethLab.INTERFACE)) {
                assertTrue(device.hasTxChecksumOffload());
                device.disableTxOffloads();
                device.disableGro();
                assertFalse(device.hasTxChecksumOffload());
                device.mtu(1400);
                assertEquals(1400, device.mtu());
            }
        });
    }

    @Test
    void shouldSayWhatFailedWhenTheDriverRefuses() {
        NetNamespace.run(lab.a(), () -> {
            try (NetDevice device = NetDevice.open(VethLab.INTERFACE)) {
                final NicException e = assertThrows(NicException.class, () -> device.mtu(1_000_000));
                assertEquals("cannot set the MTU to 1000000 of sw0: EINVAL: the driver refuses", e.getMessage());
            }
        });
    }

    @Test
    void shouldRunInTheNamespaceAndComeBackWhenCalled() {
        assertTrue(NetNamespace.names().contains(lab.a()));
        assertTrue(NetNamespace.exists(lab.a()));
        lab.configure(lab.a(), "10.77.0.10/24");
        final boolean isReachable = NetNamespace.call(
                lab.a(), () -> InetAddress.getByName("10.77.0.10").isReachable(1000));
        assertTrue(isReachable);
        assertThrows(NicException.class, () -> NetDevice.open(VethLab.INTERFACE));
    }

    @Test
    void shouldPassOnWhatTheCodeThrows() {
        assertThrows(
                IllegalStateException.class,
                () -> NetNamespace.run(lab.a(), () -> {
                    throw new IllegalStateException("on purpose");
                }));
        final NicException e = assertThrows(
                NicException.class,
                () -> NetNamespace.call(lab.a(), () -> {
                    throw new IOException("on purpose");
                }));
        assertTrue(e.getCause() instanceof IOException);
    }
}
