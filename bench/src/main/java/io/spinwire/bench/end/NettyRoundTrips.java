package io.spinwire.bench.end;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.HdrHistogram.Histogram;

/** The closed load on Netty, inside of its event loop as an application would have it. */
final class NettyRoundTrips extends ChannelInboundHandlerAdapter {
    private final int messageBytes;
    private final long durationNs;
    private final Histogram histogram = new Histogram(RoundTripLoad.MAX_TRACKED_NS, 3);
    private long trips; // before it is warm, below zero
    private final long beganNs = System.nanoTime();
    private long endNs;
    private int missing;
    private long startNs;
    private volatile boolean isDone;

    private NettyRoundTrips(int messageBytes, long warmTrips, long durationNs) {
        this.messageBytes = messageBytes;
        this.durationNs = durationNs;
        trips = -warmTrips;
    }

    static String run(InetSocketAddress to, int bytes, long warmTrips, long durationNs) throws IOException {
        final NettyRoundTrips load = new NettyRoundTrips(bytes, warmTrips, durationNs);
        try (NettyLoop loop = new NettyLoop()) {
            final Channel channel = new Bootstrap()
                    .group(loop.group())
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(load)
                    .connect(to)
                    .syncUninterruptibly()
                    .channel();
            while (!load.isDone && channel.isActive()) {
                NettyLoop.rest();
            }
            if (!load.isDone) {
                throw new IOException("the other side has closed");
            }
            channel.close().syncUninterruptibly();
        }
        return "0 " + Histograms.encode(load.histogram);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        send(context, System.nanoTime());
    }

    private void send(ChannelHandlerContext context, long nowNs) {
        missing = messageBytes;
        startNs = nowNs;
        context.writeAndFlush(
                context.alloc().directBuffer(messageBytes).writeZero(messageBytes), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        final ByteBuf bytes = (ByteBuf) message;
        missing -= bytes.readableBytes();
        bytes.release();
        if (missing > 0) {
            return;
        }
        final long nowNs = System.nanoTime();
        if (trips > 0) {
            histogram.recordValue(Math.min(nowNs - startNs, RoundTripLoad.MAX_TRACKED_NS));
        } else if (trips == 0 || nowNs - beganNs > RoundTripLoad.LONGEST_WARM_UP_NS) {
            trips = 0;
            endNs = nowNs + durationNs;
        }
        if (trips++ <= 0 || nowNs - endNs < 0) {
            send(context, nowNs);
        } else {
            isDone = true;
        }
    }
}
