package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicFilter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("afxdp")
@ExtendWith(Requirements.class)
class KilledProcessTest {
    private static final NicFilter FILTER = new NicFilter(new int[] {VethLab.ADDRESS_A}, new int[0]);

    /** The process that is killed: holds a NIC and says so. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            final XskNic nic = XskNic.open(XskSpecification.parse(args[0]), FILTER);
            System.out.println("open " + nic.name());
            Thread.sleep(TimeUnit.MINUTES.toMillis(1));
        }
    }

    @Test
    void shouldLeaveNoXdpAndBindAgainWhenProcessIsKilled() throws Exception {
        try (VethLab lab = VethLab.create()) {
            final String specification = "afxdp:sw0,netns=" + lab.a();
            final Process holder = start(specification);
            try {
                final BufferedReader output =
                        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
                assertEquals("open afxdp:sw0,queue=0", output.readLine());
                assertTrue(lab.hasXdp(lab.a()));
            } finally {
                holder.destroyForcibly(); // SIGKILL
            }
            assertTrue(holder.waitFor(10, TimeUnit.SECONDS));
            assertEquals(128 + 9, holder.exitValue());
            assertFalse(lab.hasXdp(lab.a()));
            XskNic.open(XskSpecification.parse(specification), FILTER).close();
        }
    }

    private static Process start(String specification) throws Exception {
        final String java =
                Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        specification)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
