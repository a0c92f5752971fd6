/**
 * Child processes that are controlled line by line, for the demo, the benchmarks and the tests. Not exported to users.
 */
package org.shmrt.process;

// May import: error.
