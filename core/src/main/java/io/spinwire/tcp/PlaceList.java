package io.spinwire.tcp;

/** All places of a poller, chained through them. Application thread. */
final class PlaceList {
    private ReadyPoller.Place head;

    void add(ReadyPoller.Place place) {
        place.next = head;
        if (head != null) {
            head.previous = place;
        }
        head = place;
    }

    void remove(ReadyPoller.Place place) {
        if (place.previous == null) {
            head = place.next;
        } else {
            place.previous.next = place.next;
        }
        if (place.next != null) {
            place.next.previous = place.previous;
        }
        place.next = null;
        place.previous = null;
    }

    /** The newest, or null. */
    ReadyPoller.Place first() {
        return head;
    }
}
