package io.spinwire.tcp;

import io.spinwire.api.Readiness;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;

/** A listener as an application on another thread holds it. */
final class QueuedListener implements TcpListener, Pollable {
    private final Listener listener;
    private final Tcp tcp;
    private volatile ReadyPoller.Place place;
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
        final ReadyPoller.Place left = place;
        if (left != null) {
            left.leave();
        }
        if (!isClosed) {
            isClosed = tcp.execute(() -> tcp.close(listener));
        }
    }

    /** Linux: {@code inet_csk_listen_poll()}. */
    @Override
    public int readiness() {
        return !isClosed && listener.acceptQueue.size() > 0 ? Readiness.IN : 0;
    }

    @Override
    public ReadyPoller.Place place() {
        return place;
    }

    @Override
    public void setPlace(ReadyPoller.Place newPlace) {
        place = newPlace;
    }

    @Override
    public void report(SocketPoller.ReadyHandler handler, int bits) {
        handler.onAcceptable(this);
    }
}
