package io.spinwire.queue;

/**
 * What is remembered of selective acknowledgments while something is in flight: the blocks that have been dealt with,
 * so that repeating them costs nothing, and how far they reach. Engine thread only.
 */
public final class SackMemory {
    /** Blocks of the last ACK, as many as one can carry. Linux: recv_sack_cache. */
    public static final int BLOCKS = 4;

    private final int[] starts = new int[BLOCKS];
    private final int[] ends = new int[BLOCKS];
    private boolean isUsed;

    /** The number behind the highest record selectively acknowledged; means nothing when there is none. */
    public int highest;

    /** First number of a block; 0, with end 0, for none. */
    public int start(int block) {
        return starts[block];
    }

    /** The number behind a block. */
    public int end(int block) {
        return ends[block];
    }

    public void put(int block, int start, int end) {
        starts[block] = start;
        ends[block] = end;
        isUsed = true;
    }

    /** Forgets the blocks. */
    public void clear() {
        for (int i = 0; isUsed && i < BLOCKS; i++) {
            starts[i] = 0;
            ends[i] = 0;
        }
        isUsed = false;
    }
}
