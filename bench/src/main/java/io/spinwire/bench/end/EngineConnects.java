package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** P9 on an engine: connect, one request, its answer, close, and the next, so many at once. The server closes first. */
final class EngineConnects implements TcpHandler {
    private static final long FINISH_NS = 1_000_000_000L;

    private final Engine engine;
    private final ConnectPlan plan;
    private final UnsafeBuffer request;
    private final SocketOptions options = SocketOptions.builder().noDelay(true).build();
    private int open;
    private long completed;
    private long failed;
    private long next;

    EngineConnects(Engine engine, ConnectPlan plan) {
        this.engine = engine;
        this.plan = plan;
        request = new UnsafeBuffer(new byte[plan.requestBytes()]);
    }

    ConnectPlan.Result run() {
        final InetAddress address = plan.to().getAddress();
        final long startNs = System.nanoTime();
        long refused = 0;
        long nowNs = startNs;
        while (plan.goesOn(completed, nowNs - startNs)) {
            while (open < plan.atOnce()) {
                final int port = plan.port(next++);
                if (engine.connect(address, port, options, this) == null) {
                    refused++;
                    break;
                }
                open++;
            }
            engine.doWork();
            nowNs = System.nanoTime();
        }
        final ConnectPlan.Result result = new ConnectPlan.Result(completed, failed, refused, nowNs - startNs);
        finish(nowNs);
        return result;
    }

    /** Nothing is left under way: after a pause it would be sent again, on ways that no round takes. */
    private void finish(long beganNs) {
        while (open > 0 && System.nanoTime() - beganNs < FINISH_NS) {
            engine.doWork();
        }
    }

    @Override
    public void onConnected(TcpSocket socket) {
        socket.offer(request, 0, request.capacity());
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return length;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
        open--;
        if (reason == CloseReason.NORMAL) {
            completed++;
        } else {
            failed++;
        }
    }
}
