package io.spinwire.bench.end;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One event loop of Netty on the epoll transport, which spins instead of sleeping; it runs where its maker runs. */
final class NettyLoop implements AutoCloseable {
    private static final long REST_NS = 1_000_000L;
    private static final long END_S = 5;

    private final EventLoopGroup group;
    private volatile boolean isSpinning = true;

    NettyLoop() {
        this(() -> {});
    }

    /** @param look done by the loop's thread in each turn; a task that began itself anew would keep out what arrives */
    NettyLoop(Runnable look) {
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory(0, () -> (supplier, hasTasks) -> {
            look.run();
            return isSpinning ? SelectStrategy.BUSY_WAIT : hasTasks ? supplier.get() : SelectStrategy.SELECT;
        }));
    }

    EventLoopGroup group() {
        return group;
    }

    /** Spins, as it does from the beginning, or sleeps until something comes. */
    void spin(boolean isWanted) {
        isSpinning = isWanted;
        group.execute(() -> {}); // one that sleeps looks again
    }

    /** The thread that commands has nothing to do meanwhile, and must not disturb. */
    static void rest() {
        LockSupport.parkNanos(REST_NS);
    }

    @Override
    public void close() {
        // Nothing is under way any more; by itself Netty waits two seconds for more.
        group.shutdownGracefully(0, END_S, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
