/**
 * Relays at work: the server that offers streams to other machines in both protocols, and the subscriber that keeps one
 * replica up to date and connects again whenever the link fails.
 */
package org.shmrt.relay.service;

// May import: relay.dao, relay.wire, relay.link, relay.status, relay, stream, stream.inspect, posix, text, error.
