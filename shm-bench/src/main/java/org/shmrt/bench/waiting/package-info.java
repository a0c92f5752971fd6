/**
 * What each way of waiting costs: how soon a waiting reader has a frame after it was published, and how much of a core
 * it takes meanwhile. Indicative on a machine that does other work.
 */
package org.shmrt.bench.waiting;
