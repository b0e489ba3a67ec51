package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What scripts on the kernel need: root, and TUN devices. Where it is missing they are skipped and say why; with
 * {@code -Dspinwire.require.afxdp=true} they fail instead.
 */
final class TunRequirements implements BeforeAllCallback {
    private static final Path TUN = Path.of("/dev/net/tun");

    @Override
    public void beforeAll(ExtensionContext context) {
        final String missing = missing();
        if (missing.isEmpty()) {
            return;
        }
        final String message = context.getDisplayName() + " was not run: " + missing;
        if (Boolean.getBoolean("spinwire.require.afxdp")) {
            fail(message);
        }
        System.err.println("SKIPPED: " + message);
        abort(message);
    }

    /** What is missing and how to get it, empty when nothing. */
    static String missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "not root; run it with sudo (network namespaces and TUN devices need CAP_SYS_ADMIN, CAP_NET_ADMIN)";
        }
        if (!Files.exists(TUN)) {
            return "there is no " + TUN + ": load the module tun, or mknod " + TUN + " c 10 200";
        }
        return "";
    }
}
