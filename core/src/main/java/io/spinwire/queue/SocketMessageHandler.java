package io.spinwire.queue;

/** Receives the messages of a {@link CommandQueue} or an {@link EventQueue}. */
@FunctionalInterface
public interface SocketMessageHandler {
    /**
     * @param type as it was offered, greater than 0
     * @param socketIndex and {@code generation} name the socket; a message whose generation is not the socket's is
     *     stale
     * @param argument whose meaning the type gives
     */
    void onMessage(int type, int socketIndex, int generation, long argument);
}
