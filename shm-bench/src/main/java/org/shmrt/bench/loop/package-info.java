/** A control loop that benchmarks measure with and without a program beside it. */
package org.shmrt.bench.loop;
