package io.spinwire.bench.end;

import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import org.agrona.DirectBuffer;

/** Answers a request with as many bytes and closes first: the inline counterpart of {@link KernelService} for P9. */
final class EngineService implements TcpHandler {
    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        socket.offer(buffer, offset, length);
        socket.close();
        return length;
    }
}
