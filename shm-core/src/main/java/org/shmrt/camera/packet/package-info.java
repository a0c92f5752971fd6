/**
 * Detectors that send frames in UDP packets ({@code udp:}): the description of their packets, RTP raw video, and the
 * assembly of frames from packets in any order.
 */
package org.shmrt.camera.packet;

// May import: camera, stream, stream.format, memory, posix, text, error.
