/** A recorder that other processes start and stop by its name, and its page in shared memory. */
package org.shmrt.record.service;

// May import: record, posix, text, error.
