/**
 * What the tests share: scratch directories that check that nothing is left behind, child processes, the Python
 * peer, golden files, ramp frames. Knows no format; imports what is public in ShmRT.
 */
package org.shmrt.testing;
