/**
 * The edge of the engine: {@link io.spinwire.nic.Nic} is all that Spinwire knows of a network card. Drivers outside
 * core implement it and are found through {@link io.spinwire.nic.NicProvider}; the in-memory ones here make tests and
 * simulation possible. First room on the way in, last on the way out. Decorators nest: a CaptureNic around a FaultNic
 * shows what the engine sees, one inside it what the network carries. Engine thread only, except where a class says so.
 * May import {@code stats}, {@code hook} and {@code wire}; knows nothing of IP or TCP.
 */
package io.spinwire.nic;
