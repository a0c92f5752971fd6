/**
 * The errors of ShmRT, as unchecked exceptions. The message is one line: what was attempted, on which object, why it
 * failed, and what to do.
 */
package org.shmrt.error;

// May import: text.
