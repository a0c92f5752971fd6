/**
 * The unchecked exceptions of ShmRT. Each message is one line: what was attempted, on which object, why it failed, and
 * what to do.
 */
package org.shmrt.error;
