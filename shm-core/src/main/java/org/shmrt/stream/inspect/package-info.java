/** Read-only reports on streams: what a header says, what is wrong with it, and what can be repaired. */
package org.shmrt.stream.inspect;
