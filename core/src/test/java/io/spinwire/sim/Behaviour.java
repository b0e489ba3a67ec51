package io.spinwire.sim;

/** What the application at one end of a conversation does, drawn from a seed by {@link Plan}. */
final class Behaviour {
    /** What it does when all is written. */
    enum Ending {
        /** Ends its stream, reads on, and closes when the peer has ended too. */
        SHUTDOWN,
        /** Closes at once. */
        CLOSE,
        /** Waits for the peer to end, then closes. */
        WAIT
    }

    private static final long MS = 1_000_000;
    private static final int MOST_PIECES = 20_000; // of what is written: more shows nothing new

    final boolean isInline;
    final Content content;
    final Ending ending;

    /** Bytes to be read before the first is written. */
    final long readBeforeWriting;

    /** Writes so many bytes ahead of what was read, and no more; or 0. */
    final long lockstep;

    /** Gives up when so many bytes were read and written together; -1 for never. */
    final long givesUpAt;

    /** Gives up by abort, not by close. */
    final boolean isAborting;

    final int maxChunk;
    final double claimShare;
    final double writePause;
    final long writePauseNs;
    final double toggles;
    final double flags;
    final double readPause;
    final int readAtOnce;
    final long readPauseNs;
    final boolean isClosedEarly;

    Behaviour(SimRandom random, boolean mustBeInline, Content content, Ending ending, Course course) {
        this.content = content;
        this.ending = ending;
        isInline = random.chance(0.6) || mustBeInline;
        readBeforeWriting = course.readBeforeWriting;
        lockstep = course.lockstep;
        givesUpAt = course.givesUpAt;
        isAborting = random.chance(0.6);
        final int chunk = random.pick(1, 10, 100, 1000, 1460, 5000, 65_536, 200_000);
        maxChunk = (int) Math.max(chunk, content.length() / MOST_PIECES);
        claimShare = random.pick(0, 0, 1, 2) / 2.0;
        final long pieces = content.length() / maxChunk + 1;
        writePause = random.chance(0.4) ? Math.min(random.between(1, 30) / 100.0, 100.0 / pieces) : 0;
        writePauseNs = random.spread(1_000, 300 * MS);
        toggles = random.chance(0.2) ? 0.1 : 0;
        flags = random.chance(0.2) ? 0.1 : 0;
        readPause = random.chance(0.4) ? random.between(1, 50) / 100.0 : 0;
        readAtOnce = random.chance(0.3) ? random.spread(1, 20_000) : Integer.MAX_VALUE;
        readPauseNs = random.spread(1_000, 50 * MS);
        isClosedEarly = random.chance(0.5);
    }

    /** What depends on the other end. */
    record Course(long readBeforeWriting, long lockstep, long givesUpAt) {
        static final Course FREE = new Course(0, 0, -1);
    }

    @Override
    public String toString() {
        return (isInline ? "inline" : "queued") + " writes " + content.length() + " in chunks to " + maxChunk + ", "
                + ending + (givesUpAt >= 0 ? (isAborting ? ", aborts at " : ", closes at ") + givesUpAt : "")
                + (lockstep > 0 ? ", lockstep " + lockstep : "")
                + (readBeforeWriting > 0 ? ", after reading " + readBeforeWriting : "");
    }
}
