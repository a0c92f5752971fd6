/**
 * Image streams: creating, opening and removing streams, and writing, reading and waiting for frames. Start with
 * {@link org.shmrt.stream.ImageStream}.
 */
package org.shmrt.stream;
