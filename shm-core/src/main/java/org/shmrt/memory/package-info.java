/** Element types, shapes, and typed images in memory. */
package org.shmrt.memory;

// May import: error.
