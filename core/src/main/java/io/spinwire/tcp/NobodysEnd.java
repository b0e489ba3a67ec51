package io.spinwire.tcp;

/** The end of a connection that its application on another thread has let go of: nobody is told anything. */
final class NobodysEnd implements SockEnd {

    @Override
    public void publish(TcpSock sock) {}

    @Override
    public void onSoftError(TcpSock sock) {}

    @Override
    public boolean isWaitingForRoom(TcpSock sock) {
        return false;
    }

    @Override
    public void onFreed(TcpSock sock) {}
}
