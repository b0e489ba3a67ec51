/**
 * How others look into a running daemon: its folder with the mapped counters and the control socket, and the status
 * that it renders there and on its status page. The status is rendered on the engine thread; sockets and files are
 * served by threads of their own. Imports the engine, the counters and the services' text buffer.
 */
package io.spinwire.daemon.control;
