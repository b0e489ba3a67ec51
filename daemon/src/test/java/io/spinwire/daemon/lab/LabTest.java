package io.spinwire.daemon.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.afxdp.NetDevice;
import io.spinwire.nic.afxdp.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
final class LabTest {
    private final Lab lab = TestLab.create();

    @BeforeEach
    @AfterEach
    void removeLeftovers() {
        lab.down();
    }

    @Test
    void shouldJoinTwoNamespacesWhenUp() {
        lab.up();
        assertTrue(lab.isUp());
        NetNamespace.run(lab.namespace("b"), () -> {
            try (NetDevice device = NetDevice.open("wire-b")) {
                assertFalse(device.hasTxChecksumOffload());
                assertEquals(1500, device.mtu());
            }
        });
        assertTrue(output("a", "ip", "-4", "addr", "show", "dev", Lab.ENGINE_INTERFACE)
                .isBlank());
        assertTrue(output("b", "ip", "-6", "addr").isBlank());
        assertTrue(output("b", "ip", "route", "get", Lab.KERNEL_ADDRESS).contains("congctl cubic"));
        NetNamespace.run(lab.namespace("b"), LabTest::connectToNobody);
    }

    @Test
    void shouldChangeNothingWhenUpTwiceAndNothingBeLeftWhenDownTwice() {
        lab.up();
        final String before = output("a", "ip", "link");
        lab.up();
        assertEquals(before, output("a", "ip", "link"));
        lab.down();
        lab.down();
        assertFalse(NetNamespace.exists(lab.namespace("a")));
        assertFalse(NetNamespace.exists(lab.namespace("b")));
    }

    @Test
    void shouldRepairWhenAnEarlierLabIsIncomplete() {
        lab.up();
        IpCommand.find().run("-n", lab.namespace("a"), "link", "del", Lab.ENGINE_INTERFACE);
        assertFalse(lab.isUp());
        lab.up();
        assertTrue(lab.isUp());
    }

    @Test
    void shouldSayHowToMakeItWhenThereIsNone() {
        assertTrue(assertThrows(LabException.class, () -> lab.command("a", List.of("true")))
                .getMessage()
                .contains("lab up"));
        assertThrows(LabException.class, () -> lab.command("c", List.of("true")));
    }

    /** The kernel at the other end answers, if only that nobody listens. */
    private static void connectToNobody() {
        final InetSocketAddress nobody = new InetSocketAddress(Lab.KERNEL_ADDRESS, 9);
        try (Socket socket = new Socket()) {
            assertThrows(ConnectException.class, () -> socket.connect(nobody, 2000));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String output(String side, String... command) {
        try {
            final Process process = new ProcessBuilder(lab.command(side, List.of(command))).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
