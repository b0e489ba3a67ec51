/**
 * The engine: {@link io.spinwire.Engine} composes the rooms below it into one turn, {@link io.spinwire.EngineConfig} is
 * all that it is given. A segment comes in through {@code nic}, {@code link}, {@code ip} and {@code tcp} to an
 * application written against {@code api}, and leaves the same way back. May import everything in core; nothing in core
 * imports it.
 */
package io.spinwire;
