/** Pictures as text for terminals: kitty's graphics protocol, sixel, half blocks, characters and line charts. */
package org.shmrt.image.terminal;

// May import: image.plot, image.pixel, memory, error.
