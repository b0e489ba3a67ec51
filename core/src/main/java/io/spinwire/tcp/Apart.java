package io.spinwire.tcp;

import io.spinwire.api.OptionResult;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import org.agrona.DirectBuffer;

/** What an inline socket keeps while it is disconnected: all that it needs to connect again. Engine thread only. */
final class Apart {
    /** Handler of a connection that was let go of. */
    static final TcpHandler SILENT = new TcpHandler() {
        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            return length;
        }

        @Override
        public void onPeerClosed(TcpSocket socket) {}
    };

    final TcpHandler handler;
    SocketOptions options;
    SocketError error;

    Apart(TcpHandler handler, SocketOptions options, SocketError error) {
        this.handler = handler;
        this.options = options;
        this.error = error;
    }

    /** Takes other options, unless they are null because a value was not allowed. */
    OptionResult change(SocketOptions wanted) {
        if (wanted == null) {
            return OptionResult.OUT_OF_RANGE;
        }
        options = wanted;
        return OptionResult.SET;
    }
}
