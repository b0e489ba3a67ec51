package io.spinwire.nic;

import static io.spinwire.nic.SplitMix64.threshold;

import java.util.ArrayList;
import java.util.List;

/**
 * What can go wrong with frames in one direction of a {@link FaultNic}, in the order in which it is applied: MTU,
 * outage, loss, corruption, rate limit, delay, reordering, duplication, tail loss. Immutable. All times in nanoseconds,
 * all probabilities 0 to 1 per frame unless said otherwise; nothing is wrong by default.
 */
public final class FaultProfile {
    /** Frames that can be inside at a time; as netem's default limit. */
    public static final int DEFAULT_HOLD_FRAMES = 1000;

    private static final int MAX_HOLD_FRAMES = 1 << 20;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final FaultProfile NONE = builder().build();

    final long loss;
    final long burstBegin;
    final long burstEnd;
    final long burstLoss;
    final long smallLoss;
    final int smallLength;
    final long tailLoss;
    final int tailFrames;
    final long duplicate;
    final long duplicateLateNs;
    final long corrupt;
    final int corruptBits;
    final long delayNs;
    final long jitterNs;
    final long reorder;
    final long reorderNs;
    final long bitsPerSecond;
    final long rateQueueNs;
    final long markNs;
    final long refuse;
    final long refuseNs;
    final int holdFrames;
    final boolean isTooBigAnswered;
    private final long[] outages;
    private final long[] mtus;
    private final String description;

    private FaultProfile(Builder from) {
        loss = threshold(from.loss);
        burstBegin = threshold(from.burstBegin);
        burstEnd = threshold(from.burstEnd);
        burstLoss = threshold(from.burstLoss);
        smallLoss = threshold(from.smallLoss);
        smallLength = from.smallLength;
        tailLoss = threshold(from.tailLoss);
        tailFrames = from.tailFrames;
        duplicate = threshold(from.duplicate);
        duplicateLateNs = from.duplicateLateNs;
        corrupt = threshold(from.corrupt);
        corruptBits = from.corruptBits;
        delayNs = from.delayNs;
        jitterNs = from.jitterNs;
        reorder = threshold(from.reorder);
        reorderNs = from.reorderNs;
        bitsPerSecond = from.bitsPerSecond;
        rateQueueNs = from.bitsPerSecond == 0 ? 0 : serializationNs(from.queueBytes);
        markNs = from.markBytes == Long.MAX_VALUE ? Long.MAX_VALUE : serializationNs(from.markBytes);
        isTooBigAnswered = from.isTooBigAnswered;
        mtus = from.mtus.stream().mapToLong(Long::longValue).toArray();
        refuse = threshold(from.refuse);
        refuseNs = from.refuseNs;
        holdFrames = from.holdFrames;
        outages = from.outages.stream().mapToLong(Long::longValue).toArray();
        description = from.words.isEmpty() ? "none" : String.join(", ", from.words);
    }

    /** A perfect link. */
    public static FaultProfile none() {
        return NONE;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Whether the link is down so long after its start. */
    boolean isOutage(long sinceStartNs) {
        for (int i = 0; i < outages.length; i += 2) {
            if (sinceStartNs >= outages[i] && sinceStartNs < outages[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** The longest IPv4 datagram that passes so long after the link's start; 0 for any. */
    int mtu(long sinceStartNs) {
        int mtu = 0;
        for (int i = 0; i < mtus.length && mtus[i] <= sinceStartNs; i += 2) {
            mtu = (int) mtus[i + 1];
        }
        return mtu;
    }

    /** Time that {@code bytes} take at the limited rate. */
    long serializationNs(long bytes) {
        return bytes * 8 * NS_PER_SECOND / bitsPerSecond;
    }

    /** The faults in words, for the message of a failed run. */
    @Override
    public String toString() {
        return description;
    }

    /** Collects the faults; each method adds one, or replaces it. A value out of range is refused with both numbers. */
    public static final class Builder {
        private double loss;
        private double burstBegin;
        private double burstEnd;
        private double burstLoss;
        private double smallLoss;
        private int smallLength;
        private double tailLoss;
        private int tailFrames;
        private double duplicate;
        private long duplicateLateNs;
        private double corrupt;
        private int corruptBits;
        private long delayNs;
        private long jitterNs;
        private double reorder;
        private long reorderNs;
        private long bitsPerSecond;
        private long queueBytes;
        private long markBytes = Long.MAX_VALUE;
        private boolean isTooBigAnswered;
        private final List<Long> mtus = new ArrayList<>();
        private double refuse;
        private long refuseNs;
        private int holdFrames = DEFAULT_HOLD_FRAMES;
        private final List<Long> outages = new ArrayList<>();
        private final List<String> words = new ArrayList<>();

        private Builder() {}

        /** Each frame is lost by itself. */
        public Builder loss(double probability) {
            loss = probability("loss", probability);
            return say("loss " + probability);
        }

        /**
         * Losses in bursts: the Gilbert-Elliott model.
         *
         * @param begin probability, per frame, that a burst begins
         * @param end probability, per frame, that it ends: its mean length is 1 / end frames
         * @param lossInside probability of loss inside a burst
         */
        public Builder burstLoss(double begin, double end, double lossInside) {
            burstBegin = probability("burst begin", begin);
            burstEnd = probability("burst end", end);
            burstLoss = probability("loss inside a burst", lossInside);
            if (begin > 0 && end == 0) {
                throw new NicException("burst end 0: a burst would never end; use outage for that");
            }
            return say("burst loss " + begin + "/" + end + "/" + lossInside);
        }

        /**
         * Small frames are lost besides, as where ACKs have a way of their own.
         *
         * @param probability of loss of a frame of at most {@code maxLength} bytes, its Ethernet header included
         */
        public Builder smallLoss(double probability, int maxLength) {
            smallLoss = probability("small loss", probability);
            smallLength = (int) range("small length", maxLength, 1, 1 << 16);
            return say("loss " + probability + " up to " + maxLength + " bytes");
        }

        /**
         * The end of a burst is lost, which no later frame gives away.
         *
         * @param probability per burst: the frames of one receive, or one flush
         * @param maxFrames 1 to this many are lost
         */
        public Builder tailLoss(double probability, int maxFrames) {
            tailLoss = probability("tail loss", probability);
            tailFrames = (int) range("tail frames", maxFrames, 1, 64);
            return say("tail loss " + probability + " of " + maxFrames);
        }

        /** A copy follows, 0 to {@code lateByNs} after the frame. */
        public Builder duplicate(double probability, long lateByNs) {
            duplicate = probability("duplicate", probability);
            duplicateLateNs = range("duplicate late by", lateByNs, 0, Long.MAX_VALUE / 8);
            return say("duplicate " + probability + " within " + lateByNs + " ns");
        }

        /**
         * Bits are flipped anywhere in the frame. The Internet checksum notices one flipped bit always, two or more not
         * always; ARP has no checksum.
         *
         * @param maxBits 1 to this many
         */
        public Builder corrupt(double probability, int maxBits) {
            corrupt = probability("corrupt", probability);
            corruptBits = (int) range("corrupt bits", maxBits, 1, 64);
            return say("corrupt " + probability + " by " + maxBits + " bits");
        }

        /** Every frame takes {@code ns}, and up to {@code jitter} more; order is kept. */
        public Builder delay(long ns, long jitter) {
            delayNs = range("delay", ns, 0, Long.MAX_VALUE / 8);
            jitterNs = range("jitter", jitter, 0, Long.MAX_VALUE / 8);
            return say("delay " + ns + " + " + jitter + " ns");
        }

        /** A frame is held back 1 to {@code byNs} longer, so that those behind overtake it. */
        public Builder reorder(double probability, long byNs) {
            reorder = probability("reorder", probability);
            reorderNs = range("reorder by", byNs, 1, Long.MAX_VALUE / 8);
            return say("reorder " + probability + " by " + byNs + " ns");
        }

        /**
         * A slow link behind a queue that drops at its tail.
         *
         * @param bits per second, of frame bytes without preamble, FCS and gap
         * @param bytes that may wait in front of a frame; more, and it is lost
         */
        public Builder rate(long bits, long bytes) {
            bitsPerSecond = range("rate", bits, 1_000, 1_000_000_000_000L);
            queueBytes = range("rate queue", bytes, 0, 1 << 30);
            return say("rate " + bits + " bit/s, queue " + bytes + " bytes");
        }

        /**
         * The queue before the rate limit marks what it takes while so many bytes wait, if the ends speak ECN (RFC
         * 3168): as DCTCP wants it (RFC 8257 section 3.1). To be given with {@link #rate}.
         */
        public Builder mark(long bytes) {
            markBytes = range("mark above", bytes, 0, 1 << 30);
            return say("mark above " + bytes + " bytes");
        }

        /**
         * Longer IPv4 datagrams are lost from a moment on, counted from the making of the FaultNic. Several may be
         * given, in order of time.
         */
        public Builder mtu(long fromNs, int bytes) {
            mtus.add(range("mtu from", fromNs, mtus.isEmpty() ? 0 : mtus.get(mtus.size() - 2), Long.MAX_VALUE / 8));
            mtus.add(range("mtu", bytes, 68, 65_535));
            return say("mtu " + bytes + " from " + fromNs + " ns");
        }

        /** A router tells the sender of a datagram that was too long (RFC 1191). Only for sending. */
        public Builder answerTooBig() {
            isTooBigAnswered = true;
            return say("answered");
        }

        /**
         * The TX ring is full for a while, from a few frames after a flush on. Only for sending.
         *
         * @param probability per flush of at least one frame
         */
        public Builder refuse(double probability, long ns) {
            refuse = probability("refuse", probability);
            refuseNs = range("refuse for", ns, 1, Long.MAX_VALUE / 8);
            return say("refuse " + probability + " for " + ns + " ns");
        }

        /** The link is down for a time, counted from the making of the FaultNic. Several may be given. */
        public Builder outage(long startNs, long durationNs) {
            outages.add(range("outage start", startNs, 0, Long.MAX_VALUE / 8));
            outages.add(startNs + range("outage duration", durationNs, 1, Long.MAX_VALUE / 8));
            return say("outage at " + startNs + " for " + durationNs + " ns");
        }

        /** Frames that can be inside at a time: received frames beyond are lost, claims beyond are refused. */
        public Builder holdFrames(int frames) {
            holdFrames = (int) range("hold frames", frames, 1, MAX_HOLD_FRAMES);
            return this;
        }

        public FaultProfile build() {
            if (markBytes != Long.MAX_VALUE && bitsPerSecond == 0) {
                throw new NicException("mark above " + markBytes + " bytes without a rate: nothing would ever wait");
            }
            return new FaultProfile(this);
        }

        private Builder say(String text) {
            words.add(text);
            return this;
        }

        private static double probability(String what, double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new NicException(what + " " + value + ": a probability is 0 to 1");
            }
            return value;
        }

        private static long range(String what, long value, long min, long max) {
            if (value < min || value > max) {
                throw new NicException(what + " " + value + ": give " + min + " to " + max);
            }
            return value;
        }
    }
}
