package io.spinwire.bench.end;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.util.function.BooleanSupplier;

/** Netty's epoll transport as it is used, its one event loop spinning; echoes. */
final class NettyEcho implements AutoCloseable {
    private static final int BIND_ATTEMPTS = 2_000; // a rest of 1 ms between them

    private final NettyLoop loop = new NettyLoop();

    NettyEcho(int port) {
        final ServerBootstrap server = new ServerBootstrap()
                .group(loop.group())
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                });
        ChannelFuture bound = server.bind(port).awaitUninterruptibly();
        for (int attempt = 1; !bound.isSuccess() && attempt < BIND_ATTEMPTS; attempt++) {
            NettyLoop.rest(); // the kernel may still hold the port for what was closed just now
            bound = server.bind(port).awaitUninterruptibly();
        }
        bound.syncUninterruptibly(); // or throws what the last attempt failed with
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message, context.voidPromise());
        }
    }

    void run(BooleanSupplier isWanted) {
        while (isWanted.getAsBoolean()) {
            NettyLoop.rest();
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
