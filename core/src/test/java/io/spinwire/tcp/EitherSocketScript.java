package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpListener;

/**
 * Scripts of what a socket shows to its application, which run for both kinds of sockets: inline, whose handler takes
 * nothing by itself, and of another thread, played by the test's one thread between turns.
 */
abstract class EitherSocketScript extends TcpScript {
    TcpListener listener;

    /** A connection that the peer opened is established. */
    void accepted(boolean isQueued, SocketOptions options) {
        app.appetite = 0;
        if (!isQueued) {
            accepted(options);
            return;
        }
        if (engine == null) {
            start();
        }
        listener = engine.listen(PORT, options);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
        assertNotNull(app.socket);
    }

    void accepted(boolean isQueued) {
        accepted(isQueued, SocketOptions.DEFAULTS);
    }

    /** The socket has sent its SYN. */
    void connecting(boolean isQueued, SocketOptions options) {
        app.appetite = 0;
        if (isQueued) {
            if (engine == null) {
                start();
            }
            app.socket = engine.connect(inet(PEER), peer.port, options);
            run();
            peer.stackPort = app.socket.localPort();
        } else {
            connects(options);
        }
        stack.emits(syn());
    }

    void connecting(boolean isQueued) {
        connecting(isQueued, SocketOptions.DEFAULTS);
    }

    /** A connection that the socket opened is established. */
    void connected(boolean isQueued, SocketOptions options) {
        connecting(isQueued, options);
        peer.sends(synAck());
        stack.emits(ack(1, 1));
    }

    void connected(boolean isQueued) {
        connected(isQueued, SocketOptions.DEFAULTS);
    }
}
