package io.spinwire.nic.afxdp;

/**
 * Who owns each frame, for assertions: every frame has exactly one owner at a time, and moves only from the owner that
 * gives it. Called only inside {@code assert}, so it costs nothing where assertions are off, and its counts then stay
 * at their start. Engine thread only.
 */
final class FrameLedger {

    /** The owners. A frame in the RX ring still counts as {@link #FILL}: it is the kernel's until it is read. */
    enum Owner {
        FREE,
        FILL,
        RECEIVING,
        ENGINE,
        TX
    }

    private static final Owner[] OWNERS = Owner.values();

    private final int chunkShift;
    private final byte[] owners;
    private final int[] counts = new int[OWNERS.length];

    FrameLedger(int frames, int chunkShift) {
        this.chunkShift = chunkShift;
        this.owners = new byte[frames];
        counts[Owner.FREE.ordinal()] = frames;
    }

    /** @return true when {@code from} owned the frame; the message of the assertion around it is {@link #describe} */
    boolean move(int chunk, Owner from, Owner to) {
        final int frame = chunk >>> chunkShift;
        if (frame << chunkShift != chunk || frame >= owners.length || owners[frame] != from.ordinal()) {
            return false;
        }
        owners[frame] = (byte) to.ordinal();
        counts[from.ordinal()]--;
        counts[to.ordinal()]++;
        return true;
    }

    String describe(int chunk) {
        final int frame = chunk >>> chunkShift;
        return frame < owners.length
                ? "frame at " + chunk + " belongs to " + OWNERS[owners[frame]]
                : "no frame at " + chunk + ": there are " + owners.length;
    }

    int count(Owner owner) {
        return counts[owner.ordinal()];
    }
}
