/** The measured loops in Java, one class for each transport. */
// May import scenario.
package org.shmrt.bench.rig.loop;
