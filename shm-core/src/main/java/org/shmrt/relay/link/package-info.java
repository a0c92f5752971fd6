/**
 * Links between machines that carry bytes in order: TCP, the encryption on top of any link, the handshake with a
 * pre-shared key, and the supervision of silent peers.
 */
package org.shmrt.relay.link;

// May import: posix, error.
