/**
 * The web server of {@code shm view}: HTTP and WebSocket by Jetty, the protocol in JSON, the checks of each request. The
 * page itself is in the resources of this package.
 */
package org.shmrt.web;

// May import: web.frame, stream.format, image, image.colour, memory, posix, text, error.
