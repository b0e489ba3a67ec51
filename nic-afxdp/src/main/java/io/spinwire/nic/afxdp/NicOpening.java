package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;
import io.spinwire.nic.NicFilter;
import java.util.function.Consumer;

/**
 * Opens a NIC, step by step, in the order of {@link SetupStep}: the filter is attached before the socket is bound,
 * because attaching resets many drivers; the fill ring is filled before that too, because zero-copy drivers take frames
 * while binding. Whatever step fails, all before it is undone. Control plane.
 */
final class NicOpening {
    private final XskSpecification wanted;
    private final NicFilter filter;
    private final Setup setup;

    private NicOpening(XskSpecification wanted, NicFilter filter, Setup setup) {
        this.wanted = wanted;
        this.filter = filter;
        this.setup = setup;
    }

    /** @param observer told of each step before it is done; may throw to make it fail */
    static XskNic open(XskSpecification wanted, NicFilter filter, Consumer<SetupStep> observer) {
        if (wanted.take() == XskSpecification.Take.OWN) {
            XskFilter.check(filter);
        }
        final Setup setup = new Setup(observer);
        final NicOpening opening = new NicOpening(wanted, filter, setup);
        try {
            return wanted.namespace().isEmpty() ? opening.open() : NetNamespace.call(wanted.namespace(), opening::open);
        } catch (final Throwable failure) {
            undo(setup, failure);
            throw failure;
        }
    }

    private static void undo(Setup setup, Throwable failure) {
        try {
            setup.teardown().run();
        } catch (final RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private XskNic open() {
        setup.begin(SetupStep.FIND_INTERFACE);
        try (NetDevice device = NetDevice.open(wanted.interfaceName())) {
            setup.begin(SetupStep.READ_INTERFACE);
            checkUsable(device);
            final Place place = new Place(wanted.interfaceName(), device.driver(), wanted.queue(), device.queueCount());
            checkQueue(place);
            final int mtu = device.mtu();
            return open(device, place, Sizes.of(wanted, device.hardwareRing(), mtu), mtu);
        }
    }

    private void checkUsable(NetDevice device) {
        if (!device.isEthernet()) {
            throw new NicException("cannot use " + wanted.interfaceName() + ": it is not an Ethernet interface");
        }
        if (!device.isUp()) {
            throw new NicException("cannot use " + wanted.interfaceName() + ": ENETDOWN: the interface is down: ip link"
                    + " set dev " + wanted.interfaceName() + " up");
        }
    }

    private void checkQueue(Place place) {
        if (place.queue() >= place.queueCount()) {
            throw place.failed(SetupStep.BIND, Errno.EINVAL);
        }
        if (place.queueCount() > 1) {
            setup.report("queues: " + place.interfaceName() + " has " + place.queueCount()
                    + ", and frames that arrive on others than " + place.queue() + " go to the kernel; ethtool -L "
                    + place.interfaceName() + " combined 1 makes it one");
        }
    }

    private XskNic open(NetDevice device, Place place, Sizes sizes, int mtu) {
        setup.begin(SetupStep.CREATE_MAP);
        final XskMap map = XskMap.create(place, setup.teardown());
        final XdpLink link = attachFilter(device, place, map);
        setup.begin(SetupStep.MAP_UMEM);
        final Umem umem = Umem.map(sizes, place, setup.teardown());
        final XskSocket socket = XskSocket.open(umem, sizes.ring(), place, setup);
        final FrameStock stock = new FrameStock(sizes);
        stock.postForReceiving(socket.fill(), sizes.ring());
        setup.begin(SetupStep.BIND);
        final boolean isZeroCopy = socket.bind(device.index(), wanted.copy(), link.isNative(), setup);
        final boolean isBusyPolled = socket.preferBusyPoll(wanted.busyPoll(), setup);
        setup.begin(SetupStep.ENTER_MAP);
        map.enter(socket.fd(), setup.teardown());
        setup.report(place + ": " + (link.isNative() ? "native" : "generic") + " XDP, "
                + (isZeroCopy ? "zero-copy" : "copy mode") + (isBusyPolled ? ", busy polling" : "") + ", MTU " + mtu
                + ", rings of " + sizes.ring() + ", " + sizes.frames() + " frames of " + sizes.frameSize()
                + " bytes in " + umem.pages());
        final XskNic.Traits traits =
                new XskNic.Traits(wanted.name(), device.macAddress(), mtu, isZeroCopy, isBusyPolled);
        return new XskNic(traits, umem, stock, socket, setup);
    }

    private XdpLink attachFilter(NetDevice device, Place place, XskMap map) {
        setup.begin(SetupStep.LOAD_FILTER);
        final long[] program = wanted.take() == XskSpecification.Take.ALL
                ? XskFilter.assembleTakingAll(map.fd())
                : XskFilter.assemble(filter, map.fd(), XskFilter.XDP_PASS);
        final int programFd = XdpLink.load(program, place, setup.teardown());
        setup.begin(SetupStep.ATTACH_FILTER);
        return XdpLink.attach(programFd, device.index(), wanted.mode(), place, setup);
    }
}
