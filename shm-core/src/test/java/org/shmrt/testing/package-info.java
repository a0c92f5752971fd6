/**
 * Fixtures of the tests: scratch directories that check for leftovers, child processes, Python
 * peers, golden files and ramp frames.
 */
package org.shmrt.testing;
