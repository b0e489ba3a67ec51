/**
 * The AF_XDP driver: one NIC queue as an {@link io.spinwire.nic.Nic}, on raw system calls through
 * {@code java.lang.foreign}. First room on the way in ({@link io.spinwire.nic.afxdp.XskNic#receive}), last on the way
 * out ({@link io.spinwire.nic.afxdp.XskNic#flush}); those run on the engine thread and neither allocate nor throw. All
 * else is control plane: it may do both. Must not import anything of core above {@code nic}.
 */
package io.spinwire.nic.afxdp;
