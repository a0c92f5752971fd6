// May import: error.

/** Element types, shapes, and typed images in memory. */
package org.shmrt.memory;
