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

/** The open load on Netty, inside of its event loop, which looks in each turn whether a message is due. */
final class NettyOpenTrips extends ChannelInboundHandlerAdapter {
    private static final int MAX_OUTSTANDING = 1 << 16;
    private static final long STALL_NS = 10_000_000_000L;

    private final int messageBytes;
    private final double intervalNs;
    private final long total;
    private final Histogram histogram = new Histogram(RoundTripLoad.MAX_TRACKED_NS, 3);
    private final long[] dueNs = new long[MAX_OUTSTANDING];
    private ChannelHandlerContext context;
    private long startNs;
    private long lastSentNs;
    private long sent;
    private long answered;
    private int arrived;
    private volatile boolean isDone;

    private NettyOpenTrips(int messageBytes, long messagesPerSecond, long durationNs) {
        this.messageBytes = messageBytes;
        intervalNs = 1e9 / messagesPerSecond;
        total = (long) (durationNs / intervalNs);
    }

    /** Answers {@code RATE HISTOGRAM}. */
    static String run(InetSocketAddress to, int bytes, long messagesPerSecond, long durationNs) throws IOException {
        final NettyOpenTrips load = new NettyOpenTrips(bytes, messagesPerSecond, durationNs);
        try (NettyLoop loop = new NettyLoop(load::look)) {
            final Channel channel = new Bootstrap()
                    .group(loop.group())
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(load)
                    .connect(to)
                    .syncUninterruptibly()
                    .channel();
            final long endNs = System.nanoTime() + durationNs + STALL_NS;
            while (!load.isDone && channel.isActive() && System.nanoTime() - endNs < 0) {
                NettyLoop.rest();
            }
            if (!load.isDone) {
                throw new IOException("no echo in 10 s, or the other side has closed");
            }
            channel.close().syncUninterruptibly();
        }
        final double rate = load.sent * 1e9 / Math.max(load.lastSentNs - load.startNs, 1);
        return rate + " " + Histograms.encode(load.histogram);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        startNs = System.nanoTime();
        context = active;
    }

    private void look() {
        if (context == null) {
            return; // not connected yet
        }
        final long nowNs = System.nanoTime();
        final long nextNs = startNs + (long) (sent * intervalNs);
        if (sent < total && sent - answered < MAX_OUTSTANDING && nowNs - nextNs >= 0) {
            dueNs[(int) (sent++ & MAX_OUTSTANDING - 1)] = nextNs;
            lastSentNs = nowNs;
            final ByteBuf message = context.alloc().directBuffer(messageBytes).writeZero(messageBytes);
            context.writeAndFlush(message, context.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        final ByteBuf bytes = (ByteBuf) message;
        arrived += bytes.readableBytes();
        bytes.release();
        final long nowNs = System.nanoTime();
        for (; arrived >= messageBytes; arrived -= messageBytes) {
            final long roundTripNs = nowNs - dueNs[(int) (answered++ & MAX_OUTSTANDING - 1)];
            histogram.recordValue(Math.min(roundTripNs, RoundTripLoad.MAX_TRACKED_NS));
        }
        isDone = answered >= total;
    }
}
