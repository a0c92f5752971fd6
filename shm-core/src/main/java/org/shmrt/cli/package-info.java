/**
 * The {@code shm} command: one class a verb. Sits on top of everything, and nothing imports it. Errors are one
 * line on standard error; the exit status is 0 done, 1 failed, 2 wrong usage, 3 timed out.
 */
package org.shmrt.cli;
