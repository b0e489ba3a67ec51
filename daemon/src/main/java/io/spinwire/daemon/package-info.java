/**
 * The command line of Spinwire: {@link io.spinwire.daemon.Main} and one class a command, which only read what the user
 * wrote and hand it to the rooms behind: {@code config}, {@code server}, {@code control}, {@code lab}, {@code demo}.
 * Nothing imports this package.
 */
package io.spinwire.daemon;
