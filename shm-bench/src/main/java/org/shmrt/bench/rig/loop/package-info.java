/** The measured loops, one class for each transport. */
package org.shmrt.bench.rig.loop;
