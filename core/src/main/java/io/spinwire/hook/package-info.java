/**
 * Hook points for walking the stack: {@link io.spinwire.hook.HookPoint} names the places,
 * {@link io.spinwire.hook.Hooks} calls a listener there when somebody watches, and {@link io.spinwire.hook.Drops} is
 * where everything thrown away ends. Engine thread only. Imports {@code stats} and Agrona only.
 */
package io.spinwire.hook;
