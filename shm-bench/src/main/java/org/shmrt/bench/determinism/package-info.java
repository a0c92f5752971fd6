/**
 * The determinism benchmark: how evenly a periodic loop and the step of a control loop run in Java, compared with C. The
 * launcher is {@code shm-bench/bin/determinism}.
 */
package org.shmrt.bench.determinism;
