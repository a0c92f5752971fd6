/**
 * Soak tests: many processes at the highest rate that the machine allows, objects opened and closed up to a hundred
 * thousand times, thousands of streams, and peers in Python or C that verify every frame and every wake-up. They are
 * short by default; system properties set a longer duration.
 */
package org.shmrt.soak;
