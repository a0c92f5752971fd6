/** Outcomes, percentiles, ratios, plots and the report. */
package org.shmrt.bench.rig.report;
