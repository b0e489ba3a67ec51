package io.spinwire.bench.end;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.util.function.BooleanSupplier;

/** Netty's epoll transport as it is used, its one event loop spinning while it serves, else asleep; echoes. */
final class NettyEcho implements AutoCloseable {
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
        server.bind(port).syncUninterruptibly();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message, context.voidPromise());
        }
    }

    void run(BooleanSupplier isWanted) {
        loop.spin(true);
        while (isWanted.getAsBoolean()) {
            NettyLoop.rest();
        }
        loop.spin(false);
    }

    @Override
    public void close() {
        loop.close();
    }
}
