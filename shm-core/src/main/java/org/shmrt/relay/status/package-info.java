/**
 * The page of a relay: a file in shared memory with a row for each stream that it sends or receives, which other processes
 * read without disturbing it.
 */
package org.shmrt.relay.status;

// May import: posix, text, error.
