/** What the rig measures: scenarios, transports, waits, and the plan of a run. */
package org.shmrt.bench.rig.scenario;
