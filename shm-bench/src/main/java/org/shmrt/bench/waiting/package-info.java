/**
 * The cost of each wait strategy: how long after publication a waiting reader has the frame, and how much of a core it
 * uses. On a machine that does other work, the figures are only indicative.
 */
package org.shmrt.bench.waiting;
