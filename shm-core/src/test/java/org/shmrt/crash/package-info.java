/**
 * Crash tests: a process is killed with SIGKILL after each of its side effects that outlives it, and the surviving
 * processes are verified. A debugger finds these points, so the code under test needs no hooks and a new side effect is
 * covered automatically.
 */
package org.shmrt.crash;
