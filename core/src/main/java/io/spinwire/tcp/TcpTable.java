package io.spinwire.tcp;

/**
 * Finds what a segment belongs to by its addresses and ports: open addressing with linear probing, no tombstones.
 * Values are handles: a kind in the low two bits, an index above; a socket is there itself as well, since the way to it
 * over a list of sockets would be one more wait for memory with each segment. Grows by doubling when half full, on the
 * control plane's account. Engine thread only. Linux: inet_ehash.
 */
final class TcpTable {
    static final int NOT_FOUND = -1;
    static final int KIND_SOCK = 0;
    static final int KIND_REQUEST = 1;
    static final int KIND_TIME_WAIT = 2;

    private static final int KIND_BITS = 2;
    private static final int KIND_MASK = (1 << KIND_BITS) - 1;
    private static final int INITIAL_CAPACITY = 1024;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final long key;
    private long[] pairs = new long[INITIAL_CAPACITY];
    private int[] ports = new int[INITIAL_CAPACITY];
    private int[] handles = new int[INITIAL_CAPACITY]; // 0 is an empty slot, so handles are stored plus one
    private TcpSock[] socks = new TcpSock[INITIAL_CAPACITY]; // null where the handle is of another kind, or none
    private int mask = INITIAL_CAPACITY - 1;
    private int size;

    /** @param key of the hash, secret, so that nobody outside can make collisions */
    TcpTable(long key) {
        this.key = key;
    }

    static int handle(int kind, int index) {
        return index << KIND_BITS | kind;
    }

    static int kind(int handle) {
        return handle & KIND_MASK;
    }

    static int index(int handle) {
        return handle >>> KIND_BITS;
    }

    int size() {
        return size;
    }

    /** The handle put there, or {@link #NOT_FOUND}. */
    int find(long addressPair, int portPair) {
        int slot = slot(addressPair, portPair);
        while (handles[slot] != 0) {
            if (pairs[slot] == addressPair && ports[slot] == portPair) {
                return handles[slot] - 1;
            }
            slot = slot + 1 & mask;
        }
        return NOT_FOUND;
    }

    /** The socket put there, or null where nothing is, or something else. */
    TcpSock sock(long addressPair, int portPair) {
        int slot = slot(addressPair, portPair);
        while (true) {
            final TcpSock sock = socks[slot];
            if (sock != null) {
                if (pairs[slot] == addressPair && ports[slot] == portPair) {
                    return sock;
                }
            } else if (handles[slot] == 0) {
                return null;
            }
            slot = slot + 1 & mask;
        }
    }

    /** Adds a socket under its addresses and ports, or replaces what is there. */
    void put(TcpSock sock) {
        put(sock.addressPair, sock.ports, handle(KIND_SOCK, sock.index), sock);
    }

    /** Adds what is no socket, or replaces what is there. */
    void put(long addressPair, int portPair, int handle) {
        put(addressPair, portPair, handle, null);
    }

    private void put(long addressPair, int portPair, int handle, TcpSock sock) {
        if (2 * (size + 1) > handles.length) {
            grow();
        }
        int slot = slot(addressPair, portPair);
        while (handles[slot] != 0) {
            if (pairs[slot] == addressPair && ports[slot] == portPair) {
                handles[slot] = handle + 1;
                socks[slot] = sock;
                return;
            }
            slot = slot + 1 & mask;
        }
        pairs[slot] = addressPair;
        ports[slot] = portPair;
        handles[slot] = handle + 1;
        socks[slot] = sock;
        size++;
    }

    /** Removes a socket unless what is there under its addresses and ports is another's by now. */
    void remove(TcpSock sock) {
        remove(sock.addressPair, sock.ports, handle(KIND_SOCK, sock.index));
    }

    /** Removes an entry if it still holds {@code handle}; what belongs to another is left alone. */
    void remove(long addressPair, int portPair, int handle) {
        int slot = slot(addressPair, portPair);
        while (handles[slot] != 0) {
            if (pairs[slot] == addressPair && ports[slot] == portPair) {
                if (handles[slot] == handle + 1) {
                    closeGap(slot);
                    size--;
                }
                return;
            }
            slot = slot + 1 & mask;
        }
    }

    /** Moves later entries of the run back, so that none is cut off from its first slot. */
    private void closeGap(int gap) {
        int hole = gap;
        int slot = gap;
        while (true) {
            slot = slot + 1 & mask;
            if (handles[slot] == 0) {
                handles[hole] = 0;
                socks[hole] = null;
                return;
            }
            final int home = slot(pairs[slot], ports[slot]);
            if ((slot - home & mask) >= (slot - hole & mask)) {
                pairs[hole] = pairs[slot];
                ports[hole] = ports[slot];
                handles[hole] = handles[slot];
                socks[hole] = socks[slot];
                hole = slot;
            }
        }
    }

    private int slot(long addressPair, int portPair) {
        long hash = (addressPair ^ key) * MIX;
        hash = (hash ^ hash >>> 32 ^ portPair) * MIX;
        return (int) (hash >>> 32 ^ hash >>> 15) & mask;
    }

    private void grow() {
        final long[] oldPairs = pairs;
        final int[] oldPorts = ports;
        final int[] oldHandles = handles;
        final TcpSock[] oldSocks = socks;
        final int capacity = 2 * oldHandles.length;
        pairs = new long[capacity];
        ports = new int[capacity];
        handles = new int[capacity];
        socks = new TcpSock[capacity];
        mask = capacity - 1;
        size = 0;
        for (int i = 0; i < oldHandles.length; i++) {
            if (oldHandles[i] != 0) {
                put(oldPairs[i], oldPorts[i], oldHandles[i] - 1, oldSocks[i]);
            }
        }
    }
}
