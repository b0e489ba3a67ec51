/**
 * TCP: RFC 9293 with Linux's values. A segment comes in through {@code TcpInput}, takes the {@code FastPath} or the
 * {@code SlowPath}, its ACK goes to {@code AckProcessor} and {@code Recovery}, its bytes through {@code DataQueue} to
 * {@code Delivery} and the application. What is to be sent waits in the {@code OutputList} until the turn's output
 * step, in which {@code TcpOutput} decides, {@code Transmit} makes the segment and IP takes it. Connections are opened
 * by {@code PassiveOpen} and {@code ActiveOpen}, and ended by {@code Teardown}. All state of one is in {@code TcpSock}.
 * Engine thread only, except {@code QueuedSocket}, {@code QueuedListener} and {@code ReadyPoller}, which another thread
 * holds. Imports everything below; {@link io.spinwire.tcp.Tcp} is what the engine sees.
 */
package io.spinwire.tcp;
