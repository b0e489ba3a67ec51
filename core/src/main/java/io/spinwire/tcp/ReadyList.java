package io.spinwire.tcp;

/** Places of a poller that may be ready, first come first served, each once, chained. Application thread. */
final class ReadyList {
    private ReadyPoller.Place head;
    private ReadyPoller.Place tail;
    private int size;

    /** Adds it, unless it is there. */
    void add(ReadyPoller.Place place) {
        if (place.isReady) {
            return;
        }
        place.isReady = true;
        place.previousReady = tail;
        if (tail == null) {
            head = place;
        } else {
            tail.nextReady = place;
        }
        tail = place;
        size++;
    }

    /** Takes it out, if it is there. */
    void remove(ReadyPoller.Place place) {
        if (!place.isReady) {
            return;
        }
        if (place.previousReady == null) {
            head = place.nextReady;
        } else {
            place.previousReady.nextReady = place.nextReady;
        }
        if (place.nextReady == null) {
            tail = place.previousReady;
        } else {
            place.nextReady.previousReady = place.previousReady;
        }
        place.nextReady = null;
        place.previousReady = null;
        place.isReady = false;
        size--;
    }

    /** The one that has waited longest, taken out. Only when {@link #size} is above 0. */
    ReadyPoller.Place poll() {
        final ReadyPoller.Place first = head;
        remove(first);
        return first;
    }

    int size() {
        return size;
    }
}
