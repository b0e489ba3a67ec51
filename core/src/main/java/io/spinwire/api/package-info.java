/**
 * The types that an application sees: {@link io.spinwire.api.TcpSocket}, {@link io.spinwire.api.TcpListener},
 * {@link io.spinwire.api.TcpHandler}, {@link io.spinwire.api.SocketPoller}, options, configuration and results. Two
 * styles: inline callbacks on the engine thread, or sockets used by one other thread. Agrona's conventions throughout:
 * {@code DirectBuffer}s, negative return codes for back-pressure, no exception on the data path. Imports Agrona only.
 */
package io.spinwire.api;
