/** Outcomes, percentiles, comparisons, plots and the report. */
// May import scenario and process.
package org.shmrt.bench.rig.report;
