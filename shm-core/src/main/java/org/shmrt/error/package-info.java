/**
 * What can go wrong, as unchecked exceptions whose message is one line for a person: what was attempted, on
 * which object, why it failed, what to do. Imports nothing of ShmRT; everything may import it.
 */
package org.shmrt.error;
