package io.spinwire.link;

import static io.spinwire.link.NeighbourEntries.ABSENT;
import static io.spinwire.link.NeighbourEntries.DELAY;
import static io.spinwire.link.NeighbourEntries.FAILED;
import static io.spinwire.link.NeighbourEntries.INCOMPLETE;
import static io.spinwire.link.NeighbourEntries.PERMANENT;
import static io.spinwire.link.NeighbourEntries.PROBE;
import static io.spinwire.link.NeighbourEntries.REACHABLE;
import static io.spinwire.link.NeighbourEntries.STALE;
import static io.spinwire.link.NeighbourEntries.VALID;

import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;

/**
 * The hosts on the link: their hardware addresses, and how sure of these we are (RFC 4861 7.3, which Linux uses for
 * ARP). Bounded; when full, the entry missed least makes room. What others hold is a reference (index and address),
 * which finds its entry again after an eviction. Engine thread only. Linux: {@code net/core/neighbour.c}, without its
 * garbage collector: memory is fixed, so an entry costs nothing by staying.
 */
public final class NeighbourTable {
    /** A reference that names no entry. */
    public static final long NO_REFERENCE = -1;

    /** Linux: neigh/default/retrans_time_ms. */
    static final long RETRANS_NS = 1_000_000_000L;

    /** Linux: neigh/default/base_reachable_time_ms; not randomised, so that runs can be repeated. */
    static final long REACHABLE_NS = 30_000_000_000L;

    /** Linux: neigh/default/delay_first_probe_time. */
    static final long DELAY_FIRST_PROBE_NS = 5_000_000_000L;

    /** Linux: neigh/default/mcast_solicit, the broadcasts while nothing is known. */
    static final int MULTICAST_PROBES = 3;

    /** Linux: neigh/default/ucast_solicit, the questions put to a hardware address that was right once. */
    static final int UNICAST_PROBES = 3;

    /** Linux: neigh/default/locktime: for so long, the first of several answers stands. */
    static final long LOCK_NS = 1_000_000_000L;

    /** When a full ring has stopped the sending of what waited for an address. */
    private static final long RETRY_NS = 1_000_000L;

    /** Timers that may expire in one poll; the rest expire in the next. */
    private static final int TIMER_LIMIT = 64;

    private final NeighbourEntries entries;
    private final DeadlineHeap timers;
    private final PendingPackets pending;
    private final EthernetHeader header;
    private final EthernetOutput output;
    private final ArpOutput arp;
    private final Counters counters;
    private final Frame frame = new Frame();
    private long nowNs; // of the last call that brought the time

    /**
     * An empty table.
     *
     * @param maxNeighbours entries. Linux: gc_thresh3
     * @param pending made for as many neighbours
     */
    public NeighbourTable(
            int maxNeighbours,
            PendingPackets pending,
            EthernetHeader header,
            EthernetOutput output,
            ArpOutput arp,
            Counters counters) {
        entries = new NeighbourEntries(maxNeighbours);
        timers = new DeadlineHeap(maxNeighbours);
        this.pending = pending;
        this.header = header;
        this.output = output;
        this.arp = arp;
        this.counters = counters;
    }

    /**
     * Adds a neighbour that needs no ARP and never expires. Control plane.
     *
     * @throws IllegalArgumentException when the hardware address is a group's, or the table is full
     */
    public void addStatic(int address, long mac) {
        if (Ethernet.isGroup(mac) || mac == 0) {
            throw new IllegalArgumentException("static neighbour " + LocalAddresses.text(address)
                    + ": its hardware address is a group's or zero, give one host's");
        }
        final int index = findOrAdd(address, nowNs);
        if (index == ABSENT) {
            throw new IllegalArgumentException("static neighbour " + LocalAddresses.text(address) + ": the table of "
                    + entries.size() + " is full, make it larger");
        }
        arm(index, Long.MAX_VALUE);
        entries.state(index, PERMANENT);
        setMac(index, mac);
        sendPending(index);
    }

    /** A reference to a neighbour, which is added if need be, without asking for it yet; or {@link #NO_REFERENCE}. */
    public long reference(int address) {
        final int index = findOrAdd(address, nowNs);
        return index == ABSENT ? NO_REFERENCE : (long) index << 32 | address & 0xFFFF_FFFFL;
    }

    /** The address that a reference names. */
    public static int address(long reference) {
        return (int) reference;
    }

    /** The neighbour was heard of by what it acknowledged, so it needs no probe. Linux: {@code neigh_confirm()}. */
    public void confirm(long reference, long atNs) {
        final int index = (int) (reference >>> 32);
        if (entries.address(index) == address(reference)) {
            entries.confirmed(index, atNs);
        }
    }

    /** When {@link #pollTimers} has something to do next, or {@link Long#MAX_VALUE}. */
    public long nextDeadlineNs() {
        return timers.earliestNs();
    }

    /**
     * Asks again, lets entries age, gives up.
     *
     * @return timers expired
     */
    public int pollTimers(long atNs, NeighbourFailure failure) {
        nowNs = atNs;
        int expired = 0;
        while (timers.earliestNs() <= atNs && expired < TIMER_LIMIT) {
            final int index = timers.earliest();
            if (entries.timerNs(index) <= atNs) {
                onTimer(index, failure);
            }
            if (entries.isIn(index, VALID) && !pending.isEmpty(index)) {
                sendPending(index);
            } else {
                arm(index, entries.timerNs(index)); // the retry for a full ring may have lost its cause
            }
            expired++;
        }
        return expired;
    }

    /** Linux: {@code neigh_timer_handler()}. */
    private void onTimer(int index, NeighbourFailure failure) {
        switch (entries.state(index)) {
            case REACHABLE -> onReachableExpired(index);
            case DELAY -> {
                if (entries.confirmedNs(index) + DELAY_FIRST_PROBE_NS >= nowNs) {
                    becomeReachable(index);
                } else {
                    entries.state(index, PROBE);
                    entries.probes(index, 0);
                    probe(index, entries.mac(index));
                }
            }
            case PROBE -> {
                if (entries.confirmedNs(index) + RETRANS_NS >= nowNs) {
                    becomeReachable(index); // RFC 4861 7.3.1: an upper layer's word is as good as an answer
                } else if (entries.probes(index) < UNICAST_PROBES) {
                    probe(index, entries.mac(index));
                } else {
                    fail(index);
                }
            }
            case INCOMPLETE -> {
                if (entries.probes(index) < MULTICAST_PROBES) {
                    probe(index, Ethernet.BROADCAST);
                } else {
                    fail(index);
                    failure.onUnreachable(entries.address(index));
                }
            }
            default -> arm(index, Long.MAX_VALUE);
        }
    }

    private void onReachableExpired(int index) {
        final long confirmedUntilNs = entries.confirmedNs(index) + REACHABLE_NS;
        if (confirmedUntilNs > nowNs) {
            arm(index, confirmedUntilNs);
        } else if (entries.usedNs(index) + DELAY_FIRST_PROBE_NS >= nowNs) {
            delay(index);
        } else {
            entries.state(index, STALE);
            arm(index, Long.MAX_VALUE);
        }
    }

    private void becomeReachable(int index) {
        entries.state(index, REACHABLE);
        arm(index, entries.confirmedNs(index) + REACHABLE_NS);
    }

    private void delay(int index) {
        entries.state(index, DELAY);
        arm(index, nowNs + DELAY_FIRST_PROBE_NS);
    }

    private void probe(int index, long destination) {
        entries.probes(index, entries.probes(index) + 1);
        arm(index, nowNs + RETRANS_NS);
        arp.request(entries.address(index), destination);
    }

    /** Linux: {@code neigh_invalidate()}. */
    private void fail(int index) {
        counters.increment(Counter.ArpUnresolved);
        entries.state(index, FAILED);
        entries.updated(index, nowNs);
        arm(index, Long.MAX_VALUE);
        pending.dropAll(index, DropReason.NEIGH_FAILED);
    }

    private void arm(int index, long deadlineNs) {
        entries.timerNs(index, deadlineNs);
        if (deadlineNs == Long.MAX_VALUE) {
            timers.clear(index);
        } else {
            timers.set(index, deadlineNs);
        }
    }

    int find(int address) {
        return entries.find(address);
    }

    int state(int index) {
        return entries.state(index);
    }

    /** Index of an address's entry, which may be new; or ABSENT when the table is full, which is counted. */
    int findOrAdd(int address, long atNs) {
        final int found = entries.find(address);
        if (found != ABSENT) {
            return found;
        }
        int victim = ABSENT;
        if (entries.isFull()) {
            victim = entries.evict(atNs);
            if (victim == ABSENT) {
                counters.increment(Counter.NeighbourTableOverflows);
                return ABSENT;
            }
            arm(victim, Long.MAX_VALUE);
            pending.dropAll(victim, DropReason.NEIGH_FAILED); // only if a full ring kept them from leaving
        }
        final int index = entries.add(address, victim, atNs);
        counters.set(Counter.EngineNeighboursInUse, entries.size());
        return index;
    }

    /** Whether an entry has changed so lately that only a gratuitous announcement may change it again. */
    boolean isLocked(int index, long atNs) {
        return atNs <= entries.updatedNs(index) + LOCK_NS;
    }

    /**
     * Somebody says what the neighbour's hardware address is. Linux: {@code neigh_update()}.
     *
     * @param newState REACHABLE from an answer to us, otherwise STALE
     * @param isOverriding whether another hardware address may replace the one known
     */
    void update(int index, long mac, int newState, boolean isOverriding, long atNs) {
        nowNs = atNs;
        final boolean wasValid = entries.isIn(index, VALID);
        final boolean isSame = wasValid && entries.mac(index) == mac;
        if (entries.isIn(index, PERMANENT) || wasValid && !isSame && !isOverriding) {
            return;
        }
        if (newState == REACHABLE) {
            entries.confirmed(index, atNs);
        }
        if (isSame && newState == STALE) {
            return; // nothing new, and no proof that we are heard
        }
        if (!isSame) {
            setMac(index, mac);
            entries.updated(index, atNs);
        }
        if (newState == REACHABLE) {
            becomeReachable(index);
        } else {
            entries.confirmed(index, atNs - 2 * REACHABLE_NS);
            entries.state(index, STALE);
            arm(index, Long.MAX_VALUE);
        }
        if (!pending.isEmpty(index)) {
            use(index);
            sendPending(index);
        }
    }

    private void setMac(int index, long mac) {
        entries.mac(index, mac);
        header.put(entries.headers(), entries.headerOffset(index), mac, Ethernet.TYPE_IPV4);
    }

    /**
     * The entry for sending through a reference. Linux: {@code neigh_event_send()}.
     *
     * @return index with a usable hardware address, or one that is {@link #isUnresolved}, or ABSENT when the table is
     *     full
     */
    int indexForSending(long reference, long atNs) {
        nowNs = atNs;
        int index = (int) (reference >>> 32);
        if (entries.address(index) != address(reference)) {
            index = findOrAdd(address(reference), atNs); // evicted meanwhile
        }
        if (index != ABSENT) {
            entries.used(index, atNs);
            use(index);
        }
        return index;
    }

    private void use(int index) {
        if (entries.state(index) == STALE) {
            delay(index);
        }
    }

    boolean isUnresolved(int index) {
        return !entries.isIn(index, VALID);
    }

    /** Whether what waited for the address has left; tries to send it. */
    boolean isDrained(int index) {
        return pending.isEmpty(index) || sendPending(index);
    }

    /** A packet has begun to wait for the address: asks for it, unless that is under way. */
    void solicit(int index) {
        if (!entries.isIn(index, INCOMPLETE)) {
            entries.state(index, INCOMPLETE);
            entries.probes(index, 0);
            entries.updated(index, nowNs);
            probe(index, Ethernet.BROADCAST);
        }
    }

    /** Sends what waited, in order, as far as the ring takes it. */
    private boolean sendPending(int index) {
        while (!pending.isEmpty(index)) {
            if (!output.claim(frame, header.length() + pending.firstLength(index), false)) {
                timers.set(index, Math.min(entries.timerNs(index), nowNs + RETRY_NS));
                return false;
            }
            pending.moveFirst(index, networkFrame());
            putHeader(index, frame);
            output.queueXmit(frame);
        }
        arm(index, entries.timerNs(index));
        return true;
    }

    private Frame networkFrame() {
        frame.networkOffset = frame.macOffset + header.length();
        return frame;
    }

    /** Copies the ready header to the frame's begin. */
    void putHeader(int index, Frame target) {
        Ethernet.copyHeader(
                entries.headers(), entries.headerOffset(index), target.buffer, target.macOffset, header.length());
    }
}
