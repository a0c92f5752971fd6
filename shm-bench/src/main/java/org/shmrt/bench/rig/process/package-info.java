/** The processes of a measurement (C programs, JVMs, the Aeron driver), their files, and the result of one run. */
// May import scenario and loop.
package org.shmrt.bench.rig.process;
