package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;

/** For sockets of another thread that stand alone in a test: the test plays the engine. */
final class NoConnector implements QueuedSocket.Connector {
    /** What options come to that are not set, as Linux has them. */
    static final OptionChanges DEFAULTS = new OptionChanges(
            null, new TcpOutput.Rooms(null, null, null, null, null, null, null, null), null, null, TcpConfig.DEFAULTS);

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
