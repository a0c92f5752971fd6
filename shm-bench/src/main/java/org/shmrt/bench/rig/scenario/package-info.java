/** What the rig measures: scenarios, their transports and groups, and the plan of a measurement. */
// May import no other package of the rig.
package org.shmrt.bench.rig.scenario;
