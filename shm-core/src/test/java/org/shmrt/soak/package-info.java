/**
 * Load and time: many processes at the highest rate the machine gives, objects opened and closed a hundred thousand
 * times, thousands of streams, and peers in Python or C that check every frame and every wake-up. Short with the other
 * tests; system properties make the same code run for as long as one likes.
 */
package org.shmrt.soak;
