package io.spinwire.bench.rig;

import io.spinwire.EngineConfig;
import io.spinwire.daemon.config.ConfigReader;
import io.spinwire.daemon.config.DaemonConfig;
import io.spinwire.stats.Counters;

/** What the daemon's profiles say, for ends that are not daemons. */
final class Profile {
    private static final String NIC = "afxdp:any";

    private Profile() {}

    /** What one adds to the specification of an AF_XDP NIC: {@code ,ring=4096,frames=16384}. */
    static String nicOptions(String profile) {
        return read(profile).nic().substring(NIC.length());
    }

    /** What one adds to the words that open an engine: how it receives. */
    static String engineOptions(String profile) {
        final EngineConfig engine = read(profile).engine(new Counters());
        return " receive-burst=" + engine.receiveBurst() + " receive-pause-ns=" + engine.receivePauseNs();
    }

    private static DaemonConfig read(String profile) {
        return new ConfigReader()
                .profile(profile, "--profile")
                .set("nic", NIC, "--nic")
                .set("addresses", "10.0.0.2/24", "--address")
                .build();
    }
}
