package io.spinwire.nic.afxdp;

import io.spinwire.script.LinuxSettings;
import io.spinwire.script.LinuxSettings.SocketOption;
import io.spinwire.script.ScriptException;
import io.spinwire.script.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The application's sockets on the kernel, of the namespace of the thread that calls. Never blocks. */
final class KernelSockets implements Stage.Sockets, AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_OOBINLINE = 10;
    private static final int SOL_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int FIONREAD = 0x541B;
    private static final int SIOCOUTQNSD = 0x894B;
    private static final int SHUT_WR = 1;
    private static final int STREAM = Posix.SOCK_STREAM | Posix.SOCK_NONBLOCK_CLOEXEC;
    private static final String[] STATES = {
        "",
        "ESTABLISHED",
        "SYN_SENT",
        "SYN_RECEIVED",
        "FIN_WAIT_1",
        "FIN_WAIT_2",
        "TIME_WAIT",
        "CLOSED",
        "CLOSE_WAIT",
        "LAST_ACK",
        "LISTEN",
        "CLOSING"
    };
    private static final Map<Integer, String> ERRORS = Map.ofEntries(
            Map.entry(32, "EPIPE"),
            Map.entry(90, "EMSGSIZE"),
            Map.entry(98, "EADDRINUSE"),
            Map.entry(99, "EADDRNOTAVAIL"),
            Map.entry(101, "ENETUNREACH"),
            Map.entry(103, "ECONNABORTED"),
            Map.entry(104, "ECONNRESET"),
            Map.entry(106, "EISCONN"),
            Map.entry(110, "ETIMEDOUT"),
            Map.entry(111, "ECONNREFUSED"),
            Map.entry(113, "EHOSTUNREACH"),
            Map.entry(114, "EALREADY"),
            Map.entry(115, "EINPROGRESS"));

    private final List<SocketOption> options;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private final List<Integer> descriptors = new ArrayList<>();
    private int listener = -1;

    /** @param options that every socket gets before it listens or connects */
    KernelSockets(List<SocketOption> options) {
        this.options = options;
    }

    private static final class Connection {
        final int fd;
        int written;
        int read;

        Connection(int fd) {
            this.fd = fd;
        }
    }

    @Override
    public String call(int number, String verb, String... arguments) {
        final Connection connection = connections.get(number);
        return switch (verb) {
            case "listen" -> listen(arguments);
            case "accept" -> accept(number);
            case "connect" -> connect(number);
            case "connected", "error" -> {
                final int error = option(connection.fd, SOL_SOCKET, SO_ERROR);
                yield error != 0
                        ? name(error)
                        : verb.equals("connected") && !isConnected(connection) ? "EINPROGRESS" : "ok";
            }
            case "send" -> send(connection, Integer.parseInt(arguments[0]), flags(arguments));
            case "recv" -> recv(connection, Integer.parseInt(arguments[0]), 0);
            case "peek" -> recv(connection, Integer.parseInt(arguments[0]), Posix.MSG_PEEK);
            case "state" -> STATES[info(connection).u8(0)];
            case "info" -> figures(connection, arguments);
            case "readable" -> Integer.toString(query(connection.fd, FIONREAD));
            case "unsent" -> Integer.toString(query(connection.fd, SIOCOUTQNSD));
            case "set" -> result(set(connection.fd, LinuxSettings.option(arguments[0], arguments[1])));
            default -> end(connection, verb);
        };
    }

    private int socket() {
        final int fd = TunLab.check("socket", Libc.socket(AF_INET, STREAM, 0));
        descriptors.add(fd);
        TunLab.check("SO_REUSEADDR", Libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1));
        TunLab.check("SO_OOBINLINE", Libc.setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, 1)); // RFC 6093 5; an engine always
        for (final SocketOption option : options) {
            if (!option.name().equals("backlog")) {
                TunLab.check(option.name(), set(fd, option));
            }
        }
        return fd;
    }

    private static int set(int fd, SocketOption option) {
        try (Struct value = Struct.ofBytes(option.value())) {
            return Libc.setsockopt(fd, option.level(), option.option(), value);
        }
    }

    private static Struct address(int address, int port) {
        return new Struct(16)
                .u16(0, AF_INET)
                .u8(2, port >> 8)
                .u8(3, port & 0xFF)
                .u32(4, Integer.reverseBytes(address)); // little endian machines only, as the driver
    }

    private String listen(String... arguments) {
        final int fd = socket();
        int backlog = 4096;
        for (final String argument : arguments) {
            final String[] parts = argument.split("=");
            if (parts[0].equals("backlog")) {
                backlog = Integer.parseInt(parts[1]);
            } else {
                TunLab.check(argument, set(fd, LinuxSettings.option(parts[0], parts[1])));
            }
        }
        try (Struct address = address(Stage.STACK_ADDRESS, Stage.PORT)) {
            final String bound = result(Libc.bind(fd, address));
            if (!bound.equals("ok")) {
                return bound;
            }
        }
        listener = fd;
        return result(Posix.listen(fd, backlog));
    }

    private String accept(int number) {
        final int fd = Posix.accept(listener, Posix.SOCK_NONBLOCK_CLOEXEC);
        if (fd >= 0) {
            descriptors.add(fd);
            connections.put(number, new Connection(fd));
        }
        return result(Math.min(fd, 0));
    }

    private String connect(int number) {
        final int fd = socket();
        connections.put(number, new Connection(fd));
        try (Struct address = address(Stage.PEER_ADDRESS, Stage.FIRST_PEER_PORT + number - 1)) {
            final String result = result(Posix.connect(fd, address));
            return result.equals("EINPROGRESS") ? "ok" : result;
        }
    }

    private static boolean isConnected(Connection connection) {
        return !List.of("SYN_SENT", "SYN_RECEIVED", "CLOSED")
                .contains(STATES[info(connection).u8(0)]);
    }

    private static int flags(String... arguments) {
        int flags = Posix.MSG_NOSIGNAL;
        for (final String argument : arguments) {
            flags |= argument.equals("more") ? Posix.MSG_MORE : argument.equals("urgent") ? Posix.MSG_OOB : 0;
        }
        return flags;
    }

    private static String send(Connection connection, int length, int flags) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = Stage.pattern(connection.written + 1 + i);
        }
        try (Struct struct = Struct.ofBytes(bytes)) {
            final long sent = Posix.send(connection.fd, struct, length, flags);
            connection.written += Math.max((int) sent, 0);
            return sent < 0 ? name((int) -sent) : Long.toString(sent);
        }
    }

    private static String recv(Connection connection, int limit, int flags) {
        try (Struct struct = new Struct(Math.max(limit, 1))) {
            final int length = (int) Posix.recv(connection.fd, struct, limit, flags);
            if (length <= 0) {
                return length == 0 ? "eof" : name(-length);
            }
            final byte[] bytes = struct.bytes(0, length);
            for (int i = 0; i < length; i++) {
                if (bytes[i] != Stage.pattern(connection.read + 1 + i)) {
                    throw new ScriptException("byte " + (connection.read + 1 + i) + " of the peer's stream is wrong");
                }
            }
            connection.read += flags == Posix.MSG_PEEK ? 0 : length;
            return Integer.toString(length);
        }
    }

    private String end(Connection connection, String verb) {
        switch (verb) {
            case "shutdown" -> {
                return result(Posix.shutdown(connection.fd, SHUT_WR));
            }
            case "close" -> close(connection.fd);
            case "abort" -> {
                set(connection.fd, LinuxSettings.option("linger", "0"));
                close(connection.fd);
            }
            case "unlisten" -> close(listener);
            default -> throw new ScriptException("the kernel's application cannot " + verb);
        }
        return "ok";
    }

    private void close(int fd) {
        descriptors.remove((Integer) fd);
        Libc.close(fd);
    }

    // ---- Questions ----

    private static int option(int fd, int level, int option) {
        try (Struct value = new Struct(Integer.BYTES)) {
            TunLab.check("getsockopt", Libc.getsockopt(fd, level, option, value));
            return value.u32(0);
        }
    }

    private static int query(int fd, int request) {
        try (Struct value = new Struct(Integer.BYTES)) {
            TunLab.check("ioctl", Libc.ioctl(fd, request, value));
            return value.u32(0);
        }
    }

    private static TcpInfoOfKernel info(Connection connection) {
        return TcpInfoOfKernel.of(connection.fd);
    }

    private static String figures(Connection connection, String... names) {
        final TcpInfoOfKernel info = info(connection);
        return Arrays.stream(names)
                .map(name -> name.split("=")[0])
                .map(name -> name + "=" + info.figure(name))
                .collect(Collectors.joining(" "));
    }

    private static String result(int result) {
        return result < 0 ? name(-result) : "ok";
    }

    private static String name(int errno) {
        return ERRORS.getOrDefault(errno, Errno.name(errno));
    }

    /** Closes what is still open; with a reset, so that nothing lingers. */
    @Override
    public void close() {
        descriptors.forEach(Libc::close);
    }
}
