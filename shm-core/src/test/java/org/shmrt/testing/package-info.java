/**
 * Fixtures of the tests: contracts of streams, scratch directories that check for leftovers, child processes, Python
 * peers, golden files and ramp frames.
 */
package org.shmrt.testing;
