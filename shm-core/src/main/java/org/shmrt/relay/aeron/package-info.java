/** Frames by Aeron: UDP with its own recovery of losses and flow control. The only package that uses the library. */
package org.shmrt.relay.aeron;

// May import: relay.link, posix, text, error.
