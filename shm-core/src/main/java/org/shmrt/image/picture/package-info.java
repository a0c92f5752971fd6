/** Pictures of frames in colours: single images, slices, contact sheets, and what is drawn around them. */
package org.shmrt.image.picture;

// May import: image.colour, image.plot, image.pixel, memory, error.
