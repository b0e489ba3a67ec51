/**
 * Hook points for walking the stack: {@link io.spinwire.hook.HookPoint} names the places,
 * {@link io.spinwire.hook.Hooks} calls a listener there when somebody watches. Engine thread only. Imports Agrona only.
 */
package io.spinwire.hook;
