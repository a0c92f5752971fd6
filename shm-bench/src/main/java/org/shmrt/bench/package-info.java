/**
 * Common to all benchmarks: streams that exist only while they are measured.
 */
package org.shmrt.bench;
