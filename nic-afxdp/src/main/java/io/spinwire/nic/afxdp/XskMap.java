package io.spinwire.nic.afxdp;

/** The XSKMAP: which socket gets the frames of which queue. The filter program looks its frame's queue up in it. */
final class XskMap {
    private static final long GRACE_MS = 1;

    private final int fd;
    private final Place place;

    private XskMap(int fd, Place place) {
        this.fd = fd;
        this.place = place;
    }

    /** Makes a map with an entry for every queue of the interface. */
    static XskMap create(Place place, Teardown teardown) {
        final int fd = Bpf.createXskMap(Math.max(place.queueCount(), place.queue() + 1));
        if (fd < 0) {
            throw place.failed(SetupStep.CREATE_MAP, -fd);
        }
        teardown.add(() -> Libc.close(fd));
        return new XskMap(fd, place);
    }

    int fd() {
        return fd;
    }

    /** From now on the socket gets frames. Undone before the socket closes, with a moment for frames on their way. */
    void enter(int socketFd, Teardown teardown) {
        final int queue = place.queue();
        final int result = Bpf.updateMap(fd, queue, socketFd);
        if (result < 0) {
            throw place.failed(SetupStep.ENTER_MAP, -result);
        }
        teardown.add(() -> {
            Bpf.deleteFromMap(fd, queue);
            Pause.forMillis(GRACE_MS);
        });
    }
}
