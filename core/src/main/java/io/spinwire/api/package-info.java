/**
 * The types that an application sees: {@link io.spinwire.api.TcpSocket}, {@link io.spinwire.api.TcpListener},
 * {@link io.spinwire.api.TcpHandler}, {@link io.spinwire.api.SocketPoller}; {@link io.spinwire.api.SocketOptions} of
 * one socket and {@link io.spinwire.api.TcpConfig} for all; what they answer: {@link io.spinwire.api.TcpInfo},
 * {@link io.spinwire.api.Readiness}, {@link io.spinwire.api.SocketError}, {@link io.spinwire.api.CloseReason},
 * {@link io.spinwire.api.PathRecord}. Two styles: inline callbacks on the engine thread, or sockets used by one other
 * thread. Agrona's conventions throughout: {@code DirectBuffer}s, negative return codes for back-pressure, no exception
 * on the data path. Imports Agrona only.
 */
package io.spinwire.api;
