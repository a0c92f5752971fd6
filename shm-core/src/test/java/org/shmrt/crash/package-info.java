/**
 * Death at every step: a process is killed with SIGKILL after each thing it does that outlives it, and those that live
 * on are judged. The steps are found by a debugger, so the code under test has no hook and a new step gets its kill by
 * itself.
 */
package org.shmrt.crash;
