/**
 * Very many connections in one process, over a pipe in memory: what an idle one holds, what a segment to any of them
 * costs, and what the memory under them can do at best. One thread; a process of its own, so that nothing else is in
 * its memory.
 */
package io.spinwire.bench.scale;
