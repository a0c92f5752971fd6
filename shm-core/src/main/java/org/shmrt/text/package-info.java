/** Text that comes from other programs: fixed-size fields of C structures, control characters. */
package org.shmrt.text;
