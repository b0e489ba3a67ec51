package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The sending end of many flows on an engine, inline: a connection with room again is filled until it takes no more.
 */
final class EngineFlows implements TcpHandler {
    private final Engine engine;
    private final FlowsPlan plan;
    private final EngineConnections connections;
    private final UnsafeBuffer chunk;
    private long sent;
    private boolean isOver;

    EngineFlows(Engine engine, FlowsPlan plan) {
        this.engine = engine;
        this.plan = plan;
        connections = new EngineConnections(engine);
        chunk = new UnsafeBuffer(new byte[plan.chunkBytes()]);
    }

    /** Sends for the time of the plan, and resets all flows. Returns the bytes that were taken. */
    long run() throws IOException {
        connections.open(plan.to(), plan.flows(), this).forEach(this::onWritable);
        final long startNs = System.nanoTime();
        while (plan.goesOn(sent, System.nanoTime() - startNs)) {
            engine.doWork();
            connections.check();
        }
        isOver = true;
        connections.abort();
        return sent;
    }

    @Override
    public void onConnected(TcpSocket socket) {
        connections.onConnected(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
        int taken = isOver ? 0 : plan.chunkBytes();
        while (taken == plan.chunkBytes()) {
            taken = socket.offer(chunk, 0, plan.chunkBytes());
            sent += Math.max(taken, 0);
        }
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return length;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason why) {
        if (!isOver) {
            connections.onClosed(why);
        }
    }
}
