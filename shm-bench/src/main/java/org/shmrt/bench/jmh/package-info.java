/**
 * JMH benchmarks of single calls, one subject a class. Run them with {@code java -jar benchmarks.jar}.
 */
package org.shmrt.bench.jmh;
