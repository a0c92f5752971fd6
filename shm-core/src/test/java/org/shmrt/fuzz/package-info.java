/**
 * Fuzz tests of all code that reads untrusted input: the seeds, the requirements on every input, and the runs of the
 * fuzzer. The targets are the classes FuzzXxx in the packages of the code that they drive.
 */
package org.shmrt.fuzz;
