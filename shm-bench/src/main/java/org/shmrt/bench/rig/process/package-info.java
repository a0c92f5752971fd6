/** The processes of a measurement: C programs, JVMs, real libraries, the Aeron driver. */
package org.shmrt.bench.rig.process;
