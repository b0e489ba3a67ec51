package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says beforehand whether an interface can serve as a NIC, how well, and what to do where it cannot. Only looks: it
 * attaches nothing and changes nothing. Works on the calling thread's network namespace. Control plane.
 */
public final class Doctor {
    /** A veth end with native XDP takes what fits a page with its headroom; about that on x86_64 and aarch64. */
    private static final int MAX_VETH_PEER_MTU = 3506;

    private static final String VETH = "veth";

    private final List<Finding> findings = new ArrayList<>();

    private Doctor() {}

    /**
     * Examines an interface.
     *
     * @param addresses IPv4 addresses that the engine is going to have, network order as int; may be empty
     * @return what was looked at, in the order in which it matters; a NIC can be opened when none is a FAIL
     */
    public static List<Finding> examine(String interfaceName, int... addresses) {
        final Doctor doctor = new Doctor();
        doctor.findings.addAll(MachineCheck.examine());
        try (NetDevice device = NetDevice.open(interfaceName)) {
            if (!device.isEthernet()) { // nothing else that could be said of it would help
                doctor.findings.add(Finding.fail(
                        interfaceName + " is not an Ethernet interface", "choose another: ip link lists them"));
                return List.copyOf(doctor.findings);
            }
            doctor.link(device);
            doctor.queues(device);
            final LinkState state = LinkState.read(device.index());
            if (state != null) {
                doctor.xdp(device, state);
                doctor.veth(device, state);
            }
            for (final int address : addresses) {
                doctor.address(address);
            }
        } catch (final NicException e) {
            doctor.findings.add(Finding.fail(e.getMessage(), ""));
        }
        return List.copyOf(doctor.findings);
    }

    private void link(NetDevice device) {
        final String name = device.name();
        if (!device.isUp()) {
            findings.add(Finding.fail(name + " is down", "ip link set dev " + name + " up"));
        } else if (!device.isRunning()) {
            findings.add(Finding.warn(name + " is up without carrier", "plug the cable in, or set the veth peer up"));
        } else {
            findings.add(Finding.ok(name + " is up"));
        }
        mtu(device);
        if (device.hasLargeReceiveOffload()) {
            findings.add(Finding.warn(
                    "large receive offload is on: XDP cannot take frames longer than the MTU",
                    "ethtool -K " + name + " lro off"));
        }
    }

    private void mtu(NetDevice device) {
        final int mtu = device.mtu();
        try {
            final int frameSize = Sizes.of(XskSpecification.parse("afxdp:" + device.name()), 0, mtu)
                    .frameSize();
            findings.add(Finding.ok("MTU " + mtu + ", frames of " + frameSize + " bytes"));
        } catch (final NicException e) {
            findings.add(Finding.fail(e.getMessage(), ""));
        }
    }

    private void queues(NetDevice device) {
        final int count = device.queueCount();
        if (count == 1) {
            findings.add(Finding.ok("one receive queue"));
        } else {
            findings.add(Finding.warn(
                    count + " receive queues, of which an engine serves one; frames on others go to the kernel",
                    "ethtool -L " + device.name() + " combined 1, or steer flows to one queue (ethtool -N)"));
        }
    }

    private void xdp(NetDevice device, LinkState state) {
        final String driver = device.driver();
        if (state.xdpMode() == 0) {
            findings.add(Finding.ok("no XDP program holds " + device.name()));
        } else {
            findings.add(Finding.fail(
                    "XDP program " + state.xdpProgramId() + " (" + state.xdpModeName() + ") holds " + device.name(),
                    "stop the program that attached it (bpftool link show tells which), or if ip attached it, ip link"
                            + " set dev " + device.name() + " xdp off"));
        }
        if (state.xdpFeatures() == LinkState.UNKNOWN) {
            findings.add(Finding.warn(
                    "driver " + driver + ": this kernel does not tell what it can do with XDP",
                    "Linux 6.3 or newer does; opening the NIC tries everything and reports what it got"));
            return;
        }
        if (!state.hasFeature(LinkState.FEATURE_NATIVE) || !state.hasFeature(LinkState.FEATURE_REDIRECT)) {
            findings.add(Finding.warn(
                    "driver " + driver + " has no native XDP: generic XDP is used, which is slower",
                    "another NIC would be faster"));
        } else if (state.hasFeature(LinkState.FEATURE_ZERO_COPY)) {
            findings.add(Finding.ok("driver " + driver + ": native XDP and zero-copy"));
        } else {
            findings.add(Finding.warn(
                    "driver " + driver + ": native XDP, no zero-copy; copy mode is used, which is slower",
                    driver.equals(VETH) ? "veth never has it" : "a newer driver or another NIC may have it"));
        }
    }

    private void veth(NetDevice device, LinkState state) {
        if (!device.driver().equals(VETH) || state.peerIndex() == 0) {
            return;
        }
        deferredInterrupts(device);
        final VethPeer peer = VethPeer.of(state);
        if (!peer.isReachable()) {
            findings.add(Finding.warn(
                    "the veth peer is in a namespace without a name, so its checksum offload cannot be seen",
                    "run there: ethtool -K INTERFACE tx off"));
            return;
        }
        if (peer.ask(NetDevice::hasTxChecksumOffload)) {
            findings.add(Finding.warn(
                    "the veth peer " + peer
                            + " leaves checksums undone (TX checksum offload): its TCP segments would be" + " dropped",
                    peer.command("ethtool -K " + peer.name() + " tx off")
                            + ", or let the engine accept partial checksums"));
        } else {
            findings.add(Finding.ok("the veth peer " + peer + " computes its checksums"));
        }
        final int peerMtu = peer.ask(NetDevice::mtu);
        if (peerMtu > MAX_VETH_PEER_MTU) {
            findings.add(Finding.fail(
                    "MTU " + peerMtu + " of the veth peer " + peer + " is too large for native XDP",
                    peer.command("ip link set dev " + peer.name() + " mtu 1500")));
        }
        final int peerQueues = peer.ask(NetDevice::txQueueCount);
        if (peerQueues > device.queueCount()) {
            findings.add(Finding.fail(
                    "the veth peer " + peer + " sends on " + peerQueues + " queues, this end receives on "
                            + device.queueCount(),
                    peer.command("ethtool -L " + peer.name() + " tx " + device.queueCount())));
        }
    }

    /** On veth, packets would wait for a timer instead of coming with the sender's system call. */
    private void deferredInterrupts(NetDevice device) {
        final Path sys = Path.of("/sys/class/net", device.name());
        try {
            final String index = Files.readString(sys.resolve("ifindex")).trim();
            final String defer =
                    Files.readString(sys.resolve("napi_defer_hard_irqs")).trim();
            if (index.equals(Integer.toString(device.index())) && !defer.equals("0")) {
                findings.add(Finding.warn(
                        "napi_defer_hard_irqs is " + defer + ", which delays every frame on veth",
                        "echo 0 > " + sys.resolve("napi_defer_hard_irqs")));
            }
        } catch (final IOException otherNamespace) {
            return; // /sys shows another namespace than this thread's
        }
    }

    private void address(int address) {
        try {
            final InetAddress own = InetAddress.getByAddress(
                    new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
                    });
            final NetworkInterface holder = NetworkInterface.getByInetAddress(own);
            if (holder == null) {
                findings.add(Finding.ok("address " + own.getHostAddress() + " is not the kernel's"));
            } else {
                findings.add(Finding.warn(
                        "address " + own.getHostAddress() + " is the kernel's too, on " + holder.getName()
                                + ": the engine would take its ARP, ping and the ports served away from the kernel",
                        "give the engine an address of its own, or remove it: ip address del " + own.getHostAddress()
                                + " dev " + holder.getName()));
            }
        } catch (final UnknownHostException | SocketException e) {
            findings.add(Finding.warn("cannot see which addresses the kernel has: " + e.getMessage(), ""));
        }
    }
}
