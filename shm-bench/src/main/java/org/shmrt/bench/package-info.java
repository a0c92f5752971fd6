/**
 * What is common to the benchmarks: streams that live only as long as they are measured.
 */
package org.shmrt.bench;
