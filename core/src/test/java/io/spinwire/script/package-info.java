/**
 * The corpus of segment scripts and what plays it. A {@link io.spinwire.script.Script}, read by
 * {@link io.spinwire.script.ScriptParser}, is played by {@link io.spinwire.script.Play} on a
 * {@link io.spinwire.script.Stage}: an engine in virtual time ({@link io.spinwire.script.EngineStage}), or the kernel
 * over TUN, which is the driver's to play. The {@link io.spinwire.script.Peer} says what is written and fills in the
 * rest; {@link io.spinwire.script.Comparison} holds what the stack emits against the line;
 * {@link io.spinwire.script.LinuxSettings} has Linux's name and default of every setting. The language is described
 * beside the scripts.
 */
package io.spinwire.script;
