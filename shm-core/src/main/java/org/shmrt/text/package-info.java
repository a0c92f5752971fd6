/** Text from other programs: fixed-size fields of C structures, and text with control characters. */
package org.shmrt.text;

// May import: nothing of ShmRT.
