/** Colour maps, and how values are mapped to their colours: limits and stretches. */
package org.shmrt.image.colour;

// May import: image.pixel, memory, error.
