/**
 * IPv4: {@link io.spinwire.ip.IpInput} between link and TCP on the way in, {@link io.spinwire.ip.IpOutput} on the way
 * out; the {@link io.spinwire.ip.RouteTable}, {@link io.spinwire.ip.Icmp}, what routers say of a path's MTU
 * ({@link io.spinwire.ip.PathMtuCache}), and {@link io.spinwire.ip.LocalDelivery} of what the engine sends to itself.
 * Engine thread only; nothing allocates after construction. Reaches TCP only through
 * {@link io.spinwire.ip.TransportProtocol} and {@link io.spinwire.ip.TransportErrors}; must not import {@code tcp},
 * {@code queue} or {@code api}.
 */
package io.spinwire.ip;
