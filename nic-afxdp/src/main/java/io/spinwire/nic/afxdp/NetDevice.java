package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;

/**
 * A network interface of this thread's network namespace, asked and set up through ioctl: no ethtool program is needed.
 * Also where the checksum offload of a veth end is turned off, so that its peer sees whole checksums. Control plane;
 * one thread.
 */
public final class NetDevice implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCGIFMTU = 0x8921;
    private static final int SIOCSIFMTU = 0x8922;
    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCETHTOOL = 0x8946;

    private static final int IFREQ_LENGTH = 40;
    private static final int IFNAMSIZ = 16;
    private static final int IFREQ_UNION = 16;
    private static final int HARDWARE_ADDRESS = IFREQ_UNION + 2;
    private static final int ARPHRD_ETHER = 1;
    private static final int IFF_UP = 0x1;
    private static final int IFF_RUNNING = 0x40;

    private static final int ETHTOOL_GDRVINFO = 0x3;
    private static final int ETHTOOL_GRINGPARAM = 0x10;
    private static final int ETHTOOL_GTXCSUM = 0x16;
    private static final int ETHTOOL_STXCSUM = 0x17;
    private static final int ETHTOOL_STSO = 0x1F;
    private static final int ETHTOOL_SGSO = 0x24;
    private static final int ETHTOOL_GFLAGS = 0x25;
    private static final int ETH_FLAG_LRO = 1 << 15;
    private static final int ETHTOOL_SGRO = 0x2C;
    private static final int ETHTOOL_GCHANNELS = 0x3C;
    private static final int DRVINFO_LENGTH = 196;
    private static final int RINGPARAM_LENGTH = 36;
    private static final int CHANNELS_LENGTH = 36;
    private static final int VALUE_LENGTH = 8;

    private final String name;
    private final int index;
    private final int socket;

    private NetDevice(String name, int index, int socket) {
        this.name = name;
        this.index = index;
        this.socket = socket;
    }

    /**
     * Opens an interface by name.
     *
     * @throws NicException when this namespace has none of this name
     */
    public static NetDevice open(String name) {
        final int index = Libc.interfaceIndex(name);
        if (index < 0) {
            throw unplaced(name).failed(SetupStep.FIND_INTERFACE, -index);
        }
        final int socket = Libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        if (socket < 0) {
            throw unplaced(name).failed(SetupStep.READ_INTERFACE, -socket);
        }
        return new NetDevice(name, index, socket);
    }

    private static Place unplaced(String name) {
        return new Place(name, "", 0, 0);
    }

    public String name() {
        return name;
    }

    /** Number of the interface in its namespace. */
    public int index() {
        return index;
    }

    /** Hardware address, as {@link io.spinwire.nic.Nic#macAddress()} gives it. */
    public long macAddress() {
        try (Struct request = request(SIOCGIFHWADDR)) {
            long mac = 0;
            for (int i = 0; i < 6; i++) {
                mac = mac << 8 | request.u8(HARDWARE_ADDRESS + i);
            }
            return mac;
        }
    }

    public boolean isEthernet() {
        try (Struct request = request(SIOCGIFHWADDR)) {
            return request.u16(IFREQ_UNION) == ARPHRD_ETHER;
        }
    }

    public int mtu() {
        try (Struct request = request(SIOCGIFMTU)) {
            return request.u32(IFREQ_UNION);
        }
    }

    public void mtu(int mtu) {
        try (Struct request = named().u32(IFREQ_UNION, mtu)) {
            check(Libc.ioctl(socket, SIOCSIFMTU, request), "set the MTU to " + mtu);
        }
    }

    /** Whether it is set up ({@code ip link set up}). */
    public boolean isUp() {
        return (flags() & IFF_UP) != 0;
    }

    /** Whether it has carrier as well. */
    public boolean isRunning() {
        return (flags() & IFF_RUNNING) != 0;
    }

    private int flags() {
        try (Struct request = request(SIOCGIFFLAGS)) {
            return request.u16(IFREQ_UNION);
        }
    }

    /** Name of the driver, {@code veth} or {@code mlx5_core}; {@code unknown} when it does not tell. */
    public String driver() {
        try (Struct info = new Struct(DRVINFO_LENGTH)) {
            final String driver = ethtool(ETHTOOL_GDRVINFO, info) < 0 ? "" : info.text(4, 32);
            return driver.isEmpty() ? "unknown" : driver;
        }
    }

    /** Receive queues in use; 1 when the driver does not tell. */
    public int queueCount() {
        try (Struct channels = new Struct(CHANNELS_LENGTH)) {
            if (ethtool(ETHTOOL_GCHANNELS, channels) < 0) {
                return 1;
            }
            return Math.max(1, channels.u32(20) + channels.u32(32)); // rx_count, combined_count
        }
    }

    /** Transmit queues in use; 1 when the driver does not tell. */
    public int txQueueCount() {
        try (Struct channels = new Struct(CHANNELS_LENGTH)) {
            if (ethtool(ETHTOOL_GCHANNELS, channels) < 0) {
                return 1;
            }
            return Math.max(1, channels.u32(24) + channels.u32(32)); // tx_count, combined_count
        }
    }

    /** Whether the NIC joins received segments into frames longer than the MTU (LRO), which XDP cannot take. */
    public boolean hasLargeReceiveOffload() {
        try (Struct value = new Struct(VALUE_LENGTH)) {
            return ethtool(ETHTOOL_GFLAGS, value) >= 0 && (value.u32(4) & ETH_FLAG_LRO) != 0;
        }
    }

    /** Entries of the NIC's own receive ring; 0 when it has none or the driver does not tell. */
    public int hardwareRing() {
        try (Struct rings = new Struct(RINGPARAM_LENGTH)) {
            return ethtool(ETHTOOL_GRINGPARAM, rings) < 0 ? 0 : rings.u32(20); // rx_pending
        }
    }

    /** Whether the interface leaves the checksums of what it sends to hardware; on veth: leaves them undone. */
    public boolean hasTxChecksumOffload() {
        try (Struct value = new Struct(VALUE_LENGTH)) {
            return ethtool(ETHTOOL_GTXCSUM, value) >= 0 && value.u32(4) != 0;
        }
    }

    /**
     * Makes the kernel compute the checksums of all it sends here, and send no frame longer than the MTU, as
     * {@code ethtool -K NAME tx off tso off gso off}. What the driver cannot do at all counts as off.
     *
     * @throws NicException when the driver refuses
     */
    public void disableTxOffloads() {
        disable(ETHTOOL_STXCSUM, "turn off TX checksum offload");
        disable(ETHTOOL_STSO, "turn off TCP segmentation offload");
        disable(ETHTOOL_SGSO, "turn off generic segmentation offload");
    }

    /** Makes the kernel hand received frames up one by one, as {@code ethtool -K NAME gro off}. */
    public void disableGro() {
        disable(ETHTOOL_SGRO, "turn off generic receive offload");
    }

    private void disable(int command, String what) {
        try (Struct value = new Struct(VALUE_LENGTH)) {
            final int result = ethtool(command, value);
            if (result != -Errno.EOPNOTSUPP) {
                check(result, what);
            }
        }
    }

    private Struct named() {
        return new Struct(IFREQ_LENGTH).text(0, name, IFNAMSIZ);
    }

    private Struct request(int command) {
        final Struct request = named();
        final int result = Libc.ioctl(socket, command, request);
        if (result < 0) {
            request.close();
            throw unplaced(name).failed(SetupStep.READ_INTERFACE, -result);
        }
        return request;
    }

    /** @param data starts with a u32 for the command */
    private int ethtool(int command, Struct data) {
        data.u32(0, command);
        try (Struct request = named().u64(IFREQ_UNION, data.address())) {
            return Libc.ioctl(socket, SIOCETHTOOL, request);
        }
    }

    private void check(int result, String what) {
        if (result < 0) {
            throw new NicException("cannot " + what + " of " + name + ": " + Errno.name(-result)
                    + (result == -Errno.EPERM ? ": " + Advice.BE_ROOT : ": the driver refuses"));
        }
    }

    @Override
    public void close() {
        Libc.close(socket);
    }
}
