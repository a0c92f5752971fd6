/**
 * JMH benchmarks of single calls, one class for each subject. Run them with {@code java -jar benchmarks.jar}.
 */
package org.shmrt.bench.jmh;
