/** Pictures as text for terminals: kitty's graphics protocol, sixel, half blocks, characters and line charts. */
package org.shmrt.image.terminal;

// May import: image.colour, image.plot, image.pixel, memory, error.
