package io.spinwire.tcp;

import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;

/** A listener as an application on another thread holds it. */
final class QueuedListener implements TcpListener {
    private final Listener listener;
    private final Tcp tcp;
    private boolean isClosed;

    QueuedListener(Listener listener, Tcp tcp) {
        this.listener = listener;
        this.tcp = tcp;
    }

    @Override
    public TcpSocket accept() {
        return isClosed ? null : listener.acceptQueue.poll();
    }

    @Override
    public int localPort() {
        return listener.port;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = tcp.execute(() -> tcp.close(listener));
        }
    }
}
