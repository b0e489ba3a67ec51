package io.spinwire.daemon.service;

import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import org.agrona.DirectBuffer;

/** RFC 863: takes whatever comes and answers nothing. The least that a handler can be. */
public final class DiscardService implements TcpHandler {

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return length;
    }
}
