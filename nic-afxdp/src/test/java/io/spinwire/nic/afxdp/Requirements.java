package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the tests tagged {@code afxdp} need: a kernel that gives this process AF_XDP, and iproute2. Where it is missing
 * they are skipped and say why; with {@code -Dspinwire.require.afxdp=true} they fail instead.
 */
final class Requirements implements BeforeAllCallback {
    private static final List<Path> IP =
            List.of(Path.of("/usr/sbin/ip"), Path.of("/sbin/ip"), Path.of("/usr/bin/ip"), Path.of("/bin/ip"));
    private static final String MISSING = missing();

    @Override
    public void beforeAll(ExtensionContext context) {
        if (MISSING.isEmpty()) {
            return;
        }
        final String message = context.getDisplayName() + " was not run: " + MISSING;
        if (Boolean.getBoolean("spinwire.require.afxdp")) {
            fail(message);
        }
        System.err.println("SKIPPED: " + message);
        abort(message);
    }

    private static String missing() {
        if (IP.stream().noneMatch(Files::isExecutable)) {
            return "the ip program is missing: install iproute2";
        }
        return AfXdpSupport.missing();
    }
}
