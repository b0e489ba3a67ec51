package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;

/** The receiving end of many flows on an engine, inline. */
final class EngineFlowSink implements TcpHandler {
    private final Engine engine;
    private final FlowTally tally;
    private final Set<TcpSocket> open = new HashSet<>();
    private IOException failure;

    EngineFlowSink(Engine engine, FlowTally tally) {
        this.engine = engine;
        this.tally = tally;
    }

    /** Receives until all flows have ended. */
    String run(int port, Runnable onListening) throws IOException {
        engine.listen(port, SocketOptions.DEFAULTS, this);
        onListening.run();
        long nowNs = System.nanoTime();
        while (!tally.isDone(nowNs)) {
            engine.doWork();
            nowNs = System.nanoTime();
            tally.turn(nowNs);
            if (failure != null) {
                throw failure;
            }
        }
        List.copyOf(open).forEach(TcpSocket::abort); // whose end was lost on the way
        engine.doWork();
        return tally.words();
    }

    @Override
    public void onConnected(TcpSocket socket) {
        try {
            socket.attach(tally.begin());
            open.add(socket);
        } catch (final IOException e) {
            failure = e;
            socket.abort();
        }
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        ((FlowTally.Flow) socket.attachment()).onBytes(length);
        return length;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason why) {
        if (open.remove(socket)) {
            ((FlowTally.Flow) socket.attachment()).onEnd();
        }
    }
}
