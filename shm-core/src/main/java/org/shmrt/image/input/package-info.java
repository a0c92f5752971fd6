/**
 * What arrives through pipes and from files as a sequence of frames: the header of a video, padded rows, and known
 * formats that are recognised by their first bytes.
 */
package org.shmrt.image.input;

// May import: memory, error.
