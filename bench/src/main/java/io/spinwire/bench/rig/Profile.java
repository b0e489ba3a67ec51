package io.spinwire.bench.rig;

import io.spinwire.daemon.config.ConfigReader;

/** What the daemon's profiles say, for ends that are not daemons. */
final class Profile {
    private Profile() {}

    /** What one adds to the specification of an AF_XDP NIC: {@code ,ring=4096,frames=16384}. */
    static String nicOptions(String profile) {
        final String nic = "afxdp:any";
        return new ConfigReader()
                .profile(profile, "--profile")
                .set("nic", nic, "--nic")
                .set("addresses", "10.0.0.2/24", "--address")
                .build()
                .nic()
                .substring(nic.length());
    }
}
