package io.spinwire.script;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The application's sockets on the engine, used between turns: inline ones that take nothing by themselves, or those of
 * another thread, which here is the same.
 */
final class EngineSockets implements Stage.Sockets, TcpHandler {
    private static final int SYN_RECEIVED = TcpState.SYN_RECEIVED.ordinal();

    private final Engine engine;
    private final SocketOptionsBuilder options;
    private final boolean isQueued;
    private final Runnable turns;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private final ArrayDeque<TcpSocket> acceptable = new ArrayDeque<>();
    private TcpListener listener;

    /** @param isQueued whether sockets are of the kind that another thread uses */
    EngineSockets(Engine engine, SocketOptionsBuilder options, boolean isQueued, Runnable turns) {
        this.isQueued = isQueued;
        this.engine = engine;
        this.options = options;
        this.turns = turns;
    }

    /** What an application knows of one of its sockets. */
    private static final class Connection {
        TcpSocket socket;
        boolean isConnected;
        boolean isEnded;
        SocketError error = SocketError.NONE;
        int written;
        int read;
    }

    @Override
    public String call(int number, String verb, String... arguments) {
        final String answer = answer(number, verb, arguments);
        turns.run();
        return answer;
    }

    private String answer(int number, String verb, String... arguments) {
        final Connection connection = connections.get(number);
        if (connection == null
                && !List.of("listen", "unlisten", "accept", "connect").contains(verb)) {
            return "ENOTSOCK"; // what was to make it has failed
        }
        return switch (verb) {
            case "listen" -> {
                Arrays.stream(arguments).forEach(argument -> set(argument.split("=")));
                yield listen();
            }
            case "accept" -> accept(number);
            case "connect" -> connect(number);
            case "connected" ->
                isConnected(connection) ? "ok" : isEnded(connection) ? error(connection) : "EINPROGRESS";
            case "send" -> send(connection, Integer.parseInt(arguments[0]), flags(arguments));
            case "recv" -> recv(connection, Integer.parseInt(arguments[0]));
            case "error" -> error(connection);
            case "state" ->
                isEnded(connection) ? "CLOSED" : connection.socket.state().name();
            case "info" -> info(connection, arguments);
            case "peek" -> peek(connection, Integer.parseInt(arguments[0]));
            case "readable" -> Integer.toString(connection.socket.available());
            case "unsent" -> Integer.toString(connection.socket.unsent());
            case "set" -> set(connection, arguments[0], new Value(arguments[1]));
            default -> end(connection, verb);
        };
    }

    private void set(String[] nameAndValue) {
        SegmentSyntax.check(new Value(nameAndValue[1]).set(options, nameAndValue[0]), "no option " + nameAndValue[0]);
    }

    private String listen() {
        try {
            if (isQueued) {
                listener = engine.listen(Stage.PORT, options.build());
            } else {
                engine.listen(Stage.PORT, options.build(), this);
            }
            return "ok";
        } catch (final IllegalStateException e) {
            return "EADDRINUSE";
        }
    }

    private boolean isConnected(Connection connection) {
        return isQueued ? connection.socket.state().ordinal() > SYN_RECEIVED : connection.isConnected;
    }

    private boolean isEnded(Connection connection) {
        return isQueued ? connection.socket.closeReason() != CloseReason.NONE : connection.isEnded;
    }

    private String accept(int number) {
        final TcpSocket next = isQueued && acceptable.isEmpty() ? listener.accept() : null;
        if (next != null) {
            onConnected(next);
        }
        final TcpSocket socket = acceptable.peek();
        if (socket == null || socket.remotePort() != Stage.FIRST_PEER_PORT + number - 1) {
            return "EAGAIN";
        }
        final Connection connection = (Connection) acceptable.poll().attachment();
        connections.put(number, connection);
        return "ok";
    }

    private String connect(int number) {
        final Connection connection = new Connection();
        connections.put(number, connection);
        final int port = Stage.FIRST_PEER_PORT + number - 1;
        final InetAddress peer = inet(Stage.PEER_ADDRESS);
        connection.socket = isQueued
                ? engine.connect(peer, port, options.build())
                : engine.connect(peer, port, options.build(), this);
        if (connection.socket == null) {
            return "EADDRNOTAVAIL";
        }
        connection.socket.attach(connection);
        turns.run();
        return isEnded(connection) ? error(connection) : "ok"; // an engine tells later what connect(2) answers
    }

    private static int flags(String... arguments) {
        int flags = 0;
        for (final String argument : arguments) {
            flags |= argument.equals("more") ? TcpSocket.MORE : argument.equals("urgent") ? TcpSocket.URGENT : 0;
        }
        return flags;
    }

    private String send(Connection connection, int length, int flags) {
        if (connection.isEnded) {
            return errorOr(connection, "EPIPE");
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < length; i++) {
            buffer.putByte(i, Stage.pattern(connection.written + 1 + i));
        }
        final int taken = connection.socket.offer(buffer, 0, length, flags);
        connection.written += Math.max(taken, 0);
        return switch (taken) {
            case TcpSocket.BACK_PRESSURED, TcpSocket.NOT_CONNECTED -> "EAGAIN";
            case TcpSocket.CLOSED -> errorOr(connection, "EPIPE");
            default -> Integer.toString(taken);
        };
    }

    private static String peek(Connection connection, int limit) {
        final int taken = connection.socket.peek(new UnsafeBuffer(new byte[limit]), 0, limit);
        return taken == TcpSocket.CLOSED ? "eof" : taken == 0 ? "EAGAIN" : Integer.toString(taken);
    }

    private String recv(Connection connection, int limit) {
        if (connection.isEnded) {
            return errorOr(connection, "eof");
        }
        final int taken =
                connection.socket.poll((buffer, offset, length) -> check(connection, buffer, offset, length), limit);
        return taken == TcpSocket.CLOSED ? errorOr(connection, "eof") : taken == 0 ? "EAGAIN" : Integer.toString(taken);
    }

    private static int check(Connection connection, DirectBuffer buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            final int number = connection.read + 1 + i;
            if (buffer.getByte(offset + i) != Stage.pattern(number)) {
                throw new ScriptException("byte " + number + " of the peer's stream was read wrong");
            }
        }
        connection.read += length;
        return length;
    }

    private String set(Connection connection, String name, Value value) {
        final boolean isOn = value.number() != 0;
        switch (name) {
            case "noDelay" -> connection.socket.setNoDelay(isOn);
            case "cork" -> connection.socket.setCork(isOn);
            case "quickAck" -> connection.socket.setQuickAck(isOn);
            default ->
                SegmentSyntax.check(value.set(connection.socket, setter(name)), "a socket has no " + name + " to set");
        }
        return "ok";
    }

    private static String setter(String name) {
        return "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private String end(Connection connection, String verb) {
        if (verb.equals("unlisten")) {
            listener.close();
            return "ok";
        }
        if (connection.isEnded) {
            return "ok"; // it is closed already
        }
        switch (verb) {
            case "shutdown" -> connection.socket.shutdownOutput();
            case "close" -> connection.socket.close();
            case "abort" -> connection.socket.abort();
            default -> throw new ScriptException("the engine's application cannot " + verb);
        }
        return "ok";
    }

    private String info(Connection connection, String... names) {
        final TcpInfo info = new TcpInfo();
        connection.socket.info(info);
        turns.run();
        connection.socket.info(info); // another thread's socket asks, and is answered in the next turn
        return Arrays.stream(names)
                .map(name -> name.split("=")[0])
                .map(name -> name + "=" + figure(info, name))
                .collect(Collectors.joining(" "));
    }

    private static Object figure(TcpInfo info, String name) {
        try {
            return TcpInfo.class.getField(name).get(info);
        } catch (final ReflectiveOperationException e) {
            return "unknown"; // as long as the engine has no such figure
        }
    }

    /** The pending error, which is told once. */
    private static String error(Connection connection) {
        return errorOr(connection, "ok");
    }

    private static String errorOr(Connection connection, String otherwise) {
        final SocketError error = connection.isEnded ? connection.error : connection.socket.takeError();
        connection.error = SocketError.NONE;
        return error == SocketError.NONE ? otherwise : error.name();
    }

    private static InetAddress inet(int address) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(Integer.BYTES).putInt(address).array());
        } catch (final UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // ---- The engine calls ----

    @Override
    public void onConnected(TcpSocket socket) {
        if (socket.attachment() instanceof final Connection connection) {
            connection.isConnected = true;
            return;
        }
        final Connection connection = new Connection();
        connection.socket = socket;
        connection.isConnected = true;
        socket.attach(connection);
        acceptable.add(socket);
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return 0;
    }

    @Override
    public void onPeerClosed(TcpSocket socket) {
        // the script closes
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
        if (socket.attachment() instanceof final Connection connection) {
            connection.isEnded = true;
            connection.error = socket.takeError();
        }
    }
}
