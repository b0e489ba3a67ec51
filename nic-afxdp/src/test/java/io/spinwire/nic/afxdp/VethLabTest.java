package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("afxdp")
@ExtendWith(Requirements.class)
class VethLabTest {
    private static final String OF_A_DEAD_PROCESS = "spinwire-afxdp-4194305-1-a"; // greater than any pid_max

    @Test
    void shouldRemoveWhatACrashedRunLeft() {
        VethLab.run("ip", "netns", "add", OF_A_DEAD_PROCESS);
        final VethLab lab = VethLab.create();
        lab.close();
        assertFalse(NetNamespace.exists(OF_A_DEAD_PROCESS));
        assertFalse(NetNamespace.exists(lab.a()));
    }
}
