package io.spinwire.tcp;

/** For sockets of another thread that stand alone in a test: the test plays the engine. */
final class NoConnector implements QueuedSocket.Connector {
    /** Of the connection that the application asked for last; 0 for none. */
    volatile int epochAsked;

    private long lastId;

    @Override
    public int connectAgain(QueuedSocket socket, int epoch, int remote, int port) {
        epochAsked = epoch;
        return 0;
    }

    @Override
    public long nextId() {
        return ++lastId;
    }
}
